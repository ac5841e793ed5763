using Spectre.Console;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Planning;

/// <summary>The end of Deploy: what runs now, as a table and in the report.</summary>
public sealed class DeploymentEnd(ClusterStatus status, WebheadBuild bundles, ImageCatalog catalog, RunReport report, IAnsiConsole console)
{
    /// <summary>Reads what runs, prints it, and completes the report.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var bundle = bundles.Load();
        report.Release = bundle.Release;
        report.BundleDigest = bundle.Digest;
        report.ImageId = (await catalog.FindAsync(bundle, cancellationToken))?.ImageId;
        var summary = await status.ReadAsync(cancellationToken);
        report.Take(summary);
        console.WriteSummary(summary);
    }
}
