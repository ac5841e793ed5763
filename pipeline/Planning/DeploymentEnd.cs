using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Planning;

/// <summary>The end of Deploy: releases beyond the retained ones go, and what runs now is printed and reported.</summary>
public sealed class DeploymentEnd(WebheadBuild bundles, ImageCatalog catalog, ImageRetention retention, ClusterEnd end, RunReport report)
{
    /// <summary>Removes the images that are not retained, and completes the report.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var bundle = bundles.Load();
        report.Release = bundle.Release;
        report.BundleDigest = bundle.Digest;
        report.ImageId = (await catalog.FindAsync(bundle, cancellationToken))?.ImageId;
        await retention.SweepAsync(cancellationToken);
        await end.RunAsync(cancellationToken);
    }
}
