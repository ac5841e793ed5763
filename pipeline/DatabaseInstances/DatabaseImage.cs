using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.DatabaseInstances;

/// <summary>The image of dbnodes on EC2, as part of Bake-AMI: the same builder with a bundle of its own, and a boot test of its own.</summary>
public sealed class DatabaseImage(
    IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, ImageCatalog catalog, DatabaseNodeBuild bundles, ImageBuilder builder,
    DatabaseBootTest bootTest, IProgress progress) : IPlannedStage
{
    /// <summary>The tag that a boot-tested image gets last. It is not the webheads': a rollback must never find a database's image.</summary>
    public const string TestedTag = "Tested";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        if (!settings.InstanceNodes.Any()) return [];
        if (bundles.TryLoad() is not { } bundle) return [new PlannedChange(ChangeKind.Create, "image of dbnodes", "a bundle has not been built yet")];
        if (await catalog.FindAsync(bundle, cancellationToken) is { } image && IsTested(image)) return [];
        return [new PlannedChange(ChangeKind.Create, $"image {names.Image(ImageKey.Of(bundle, await catalog.BaseImageAsync(cancellationToken)))}", $"of dbnodes, release {bundle.Release}")];
    }

    /// <summary>Bakes the image, or finds it; nothing if the settings have no such dbnode.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.BakeFailed"/> or <see cref="ErrorCode.BootTestFailed"/>, with the log.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!settings.InstanceNodes.Any()) return;
        var bundle = bundles.Load();
        var image = await catalog.FindAsync(bundle, cancellationToken);
        if (image is not null && IsTested(image))
        {
            progress.Found($"image {image.Name} ({image.ImageId}) of dbnodes, release {bundle.Release}, is tested");
            return;
        }

        if (image is not null && image.State == ImageState.Failed)
        {
            await RemoveAsync(image, cancellationToken);
            image = null;
        }

        var baseImage = await catalog.BaseImageAsync(cancellationToken);
        if (image is not null) await catalog.WaitAvailableAsync(image.ImageId, cancellationToken);
        var imageId = image?.ImageId ?? await builder.BakeAsync(bundle, ServiceRole.Dbnode, baseImage, ImageKey.Of(bundle, baseImage), cancellationToken);
        await TestAsync(imageId, bundle, cancellationToken);
        progress.Changed($"image {imageId} of dbnodes, release {bundle.Release}, baked and tested");
        await RemoveOldAsync(imageId, cancellationToken);
    }

    /// <summary>The id of the bundle's image, or else of the newest: Heal has no bundle. Null if none is baked yet.</summary>
    public async Task<string?> FindIdAsync(CancellationToken cancellationToken)
    {
        if (bundles.TryLoad() is { } bundle && await catalog.FindAsync(bundle, cancellationToken) is { } image && IsTested(image)) return image.ImageId;
        return (await observation.Images.GetAsync(cancellationToken)).Where(known => known.TagOf("Role") == NodeTags.Role && IsTested(known))
            .MaxBy(known => known.CreationDate, StringComparer.Ordinal)?.ImageId;
    }

    /// <summary>The image's id.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.BakeFailed"/>: there is none yet.</exception>
    public async Task<string> RequireAsync(CancellationToken cancellationToken) => await FindIdAsync(cancellationToken)
        ?? throw new PipelineException(ErrorCode.BakeFailed, "There is no tested image of dbnodes.", hint: "./build.sh --target=Bake-AMI");

    private static bool IsTested(Image image) => image.State == ImageState.Available && image.TagOf(TestedTag) is not null;

    private async Task TestAsync(string imageId, Bundle bundle, CancellationToken cancellationToken)
    {
        try
        {
            await bootTest.RunAsync(imageId, bundle.Release, cancellationToken);
        }
        catch (PipelineException failure) when (failure.Code == ErrorCode.BootTestFailed)
        {
            // It would be found, and tested in vain, by every run to come.
            observation.Images.Forget();
            if (await catalog.FindAsync(bundle, cancellationToken) is { } broken) await RemoveAsync(broken, cancellationToken);
            throw;
        }

        await clients.Ec2.CreateTagsAsync(new CreateTagsRequest { Resources = [imageId], Tags = [new Tag(TestedTag, bundle.Release)] }, cancellationToken);
        observation.Images.Forget();
    }

    // A database goes forward: what neither runs nor is to run is of no use.
    private async Task RemoveOldAsync(string current, CancellationToken cancellationToken)
    {
        var inUse = (await observation.Instances.GetAsync(cancellationToken)).Select(instance => instance.ImageId).Append(current).ToHashSet();
        foreach (var image in (await observation.Images.GetAsync(cancellationToken)).Where(image => image.TagOf("Role") == NodeTags.Role && !inUse.Contains(image.ImageId)).ToList())
            await RemoveAsync(image, cancellationToken);
    }

    private Task RemoveAsync(Image image, CancellationToken cancellationToken) => builder.RemoveAsync(image, cancellationToken);
}
