using SyncStorage.Resilience.Harness;

namespace SyncStorage.Scale;

/// <summary>
/// The bundle of a webhead that weighs little (<c>light/webhead</c>): two hundred of the real one would measure two cores, and not a rollout.
/// Install script, unit and everything around them are the real bundle's.
/// </summary>
internal static class LightBundle
{
    private const string Program = "webhead";
    private const string Compatibility = "compatibility.json";

    /// <summary>Makes it the checkout's, in place of the one that was built.</summary>
    public static async Task UseAsync(CheckoutCopy checkout, string built, DirectoryInfo work, CancellationToken stopping) =>
        checkout.UseBundle(await DerivedBundle.MakeAsync(built, work, Lighten, stopping));

    private static void Lighten(string unpacked)
    {
        var home = Path.Combine(unpacked, "webhead");
        foreach (var folder in Directory.GetDirectories(home)) Directory.Delete(folder, recursive: true);
        foreach (var file in Directory.GetFiles(home).Where(file => Path.GetFileName(file) != Compatibility)) File.Delete(file);
        File.Copy(Path.Combine(Cluster.Root, "benchmarks", "Scale", "light", Program), Path.Combine(home, Program));
    }
}
