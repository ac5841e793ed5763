namespace SyncStorage.Resilience.Harness;

/// <summary>
/// The bundles of two releases, made once for all clusters: this checkout's, and one that differs from it in a comment of its install
/// script, and so is another release.
/// </summary>
internal sealed class Bundles(CancellationToken stopping) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("syncstorage-bundles-");
    private string? first, second;

    /// <summary>Where this checkout's bundle is, once it has been built.</summary>
    public static string Built { get; } = Path.Combine(Cluster.Root, "artifacts", "webhead");

    /// <summary>Makes what is not there yet.</summary>
    public async Task BuildAsync(bool both)
    {
        first ??= await BuildAsync();
        if (both) second ??= await DerivedBundle.MakeAsync(first, folder, unpacked => File.AppendAllText(Path.Combine(unpacked, "install.sh"), "\n# Another release.\n"), stopping);
    }

    /// <summary>Makes one of them a checkout's.</summary>
    /// <returns>Its release.</returns>
    public string Use(CheckoutCopy checkout, int number)
    {
        checkout.UseBundle((number == 0 ? first : second) ?? throw new InvalidOperationException("That bundle is not built."));
        return checkout.OfBundle("release");
    }

    public void Dispose() => folder.Delete(recursive: true);

    private async Task<string> BuildAsync()
    {
        await using var settings = new Cluster { Stopping = stopping, LongestRun = TimeSpan.FromMinutes(10) };
        await settings.ExpectAsync(0, "Build-Webhead");
        return Built;
    }
}
