using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Images;

/// <summary>Which images stay: those of the newest releases, for a rollback, and those in use. The rest goes at the end of a deployment.</summary>
public sealed class ImageRetention(EnvironmentSettings settings, ClusterNames names, Observation observation, ServiceBuild bundles, FleetSpec spec, BakeStage images) : IPlannedStage
{
    /// <summary>The images that will go at the end of a deployment: once the new image is there, and the webheads of other releases are not.</summary>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        if (bundles.TryLoad() is not { } bundle) return [];
        var target = await spec.ExpectedAsync(bundle, cancellationToken);
        var id = target.Launch.ImageId;
        var known = await OfRoleAsync(cancellationToken);
        var deployed = known.FirstOrDefault(image => image.ImageId == id && ImageCatalog.IsVerified(image))
            ?? new Image { ImageId = id, State = ImageState.Available, CreationDate = "9999", Tags = [new Tag(ImageCatalog.VerifiedTag, bundle.Release)] };
        var inUse = (await observation.Instances.GetAsync(cancellationToken)).Where(instance => instance.TagOf("LaunchSpec") == target.LaunchSpec)
            .Select(instance => instance.ImageId).Append(id).ToHashSet();
        return [.. Superfluous([.. known.Where(image => image.ImageId != id), deployed], inUse, settings.Image.Retain).Select(image => new PlannedChange(
            ChangeKind.Delete, $"image {image.Name}", $"{image.ImageId}, {(image.TagOf(ImageCatalog.VerifiedTag) is { } release ? $"release {release}, beyond the {settings.Image.Retain} retained" : "never boot-tested")}"))];
    }

    /// <summary>Removes the images, with their snapshots, that are neither retained nor in use.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var inUse = (await observation.Instances.GetAsync(cancellationToken)).Select(instance => instance.ImageId).ToHashSet();
        foreach (var image in Superfluous(await OfRoleAsync(cancellationToken), inUse, settings.Image.Retain))
            await images.RemoveAsync(image, cancellationToken);
    }

    private async Task<IReadOnlyList<Image>> OfRoleAsync(CancellationToken cancellationToken) => ImageCatalog.Of(names.Role, await observation.Images.GetAsync(cancellationToken));

    /// <summary>Which images are not retained: a pure function of all images and what runs.</summary>
    internal static IReadOnlyList<Image> Superfluous(IReadOnlyList<Image> images, IReadOnlySet<string> inUse, int retain)
    {
        var verified = images.Where(ImageCatalog.IsVerified).OrderByDescending(image => image.CreationDate, StringComparer.Ordinal).ToList();
        var kept = verified.Take(retain).Select(image => image.ImageId).ToHashSet();
        return [.. images.Where(image => !kept.Contains(image.ImageId) && !inUse.Contains(image.ImageId) && image.State != ImageState.Pending)];
    }
}
