namespace SyncStorage.Resilience.Harness;

/// <summary>The bundles of two releases, built once for all clusters: this checkout's, and one of a webhead that differs.</summary>
internal sealed class Bundles(CancellationToken stopping) : IDisposable
{
    private readonly Lazy<CheckoutCopy> other = new(() => new CheckoutCopy());
    private string? first, second;

    /// <summary>Builds what is not built yet.</summary>
    public async Task BuildAsync(bool both)
    {
        if (first is null)
        {
            await BuildAsync(Cluster.Root);
            first = Path.Combine(Cluster.Root, "artifacts", "webhead");
        }

        if (!both || second is not null) return;
        other.Value.Insert("""Environment.SetEnvironmentVariable("SYNCSTORAGE_ANOTHER", "release");""");
        await BuildAsync(other.Value.Root);
        second = other.Value.BundleFolder;
    }

    /// <summary>Makes one of them a checkout's.</summary>
    /// <returns>Its release.</returns>
    public string Use(CheckoutCopy checkout, int number)
    {
        checkout.UseBundle((number == 0 ? first : second) ?? throw new InvalidOperationException("That bundle is not built."));
        return checkout.OfBundle("release");
    }

    public void Dispose()
    {
        if (other.IsValueCreated) other.Value.Dispose();
    }

    private async Task BuildAsync(string root)
    {
        await using var settings = new Cluster { Checkout = root, Stopping = stopping };
        var run = await settings.RunAsync("Build-Webhead");
        if (run.ExitCode != 0) throw new HarnessException($"The webhead does not build:\n{run.Output}");
    }
}
