using Amazon.EC2;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Removal;

/// <summary>
/// Sweep: removes what runs that ended early left behind (builders, admin instances, images without a boot test) and the images
/// beyond the retained releases. No deployment may run at the same time.
/// </summary>
public sealed class SweepStage(
    EnvironmentSettings settings, Observation observation, InstanceLauncher launcher, BakeStage images, ClusterBucket bucket, IProgress progress)
{
    /// <summary>Removes the leftovers.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var role in new[] { "builder", "admin" })
        {
            var count = await launcher.TerminateLeftoversAsync(role, cancellationToken);
            if (count > 0) progress.Changed($"{count} leftover {role} instances terminated");
            removed += count;
        }

        removed += await SweepImagesAsync(cancellationToken);
        removed += await SweepBucketAsync(cancellationToken);
        if (removed == 0) progress.Found("nothing to sweep");
    }

    /// <summary>Removes the images, with their snapshots, that are neither retained nor in use.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> SweepImagesAsync(CancellationToken cancellationToken)
    {
        var superfluous = await SuperfluousImagesAsync(cancellationToken);
        foreach (var image in superfluous) await images.RemoveAsync(image, cancellationToken);
        return superfluous.Count;
    }

    /// <summary>Which images are not retained: a pure function of all images and what runs.</summary>
    internal static IReadOnlyList<Amazon.EC2.Model.Image> Superfluous(
        IReadOnlyList<Amazon.EC2.Model.Image> images, IReadOnlySet<string> inUse, int retain)
    {
        var verified = images.Where(ImageCatalog.IsVerified).OrderByDescending(image => image.CreationDate, StringComparer.Ordinal).ToList();
        var kept = verified.Take(retain).Select(image => image.ImageId).ToHashSet();
        return [.. images.Where(image => !kept.Contains(image.ImageId) && !inUse.Contains(image.ImageId) && image.State != ImageState.Pending)];
    }

    private async Task<IReadOnlyList<Amazon.EC2.Model.Image>> SuperfluousImagesAsync(CancellationToken cancellationToken)
    {
        var inUse = (await observation.Instances.GetAsync(cancellationToken)).Select(instance => instance.ImageId).ToHashSet();
        return Superfluous(await observation.Images.GetAsync(cancellationToken), inUse, settings.Image.Retain);
    }

    private async Task<int> SweepBucketAsync(CancellationToken cancellationToken)
    {
        var keys = await Aws.AwsErrors.UnlessMissingAsync(() => bucket.ListAsync("bake/", cancellationToken)!) ?? [];
        if (keys.Count == 0) return 0;
        await bucket.DeleteAsync(keys, cancellationToken);
        progress.Changed($"{keys.Count} temporary objects deleted");
        return keys.Count;
    }
}
