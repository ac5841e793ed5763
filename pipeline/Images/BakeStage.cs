using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Images;

/// <summary>Bake-AMI: makes the image of the bundle, unless there is a verified one: builder, image, boot test, tag.</summary>
public sealed class BakeStage(
    IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, ImageCatalog catalog, WebheadBuild bundles,
    ImageBuilder builder, BootTest bootTest, InstanceLauncher launcher, Waiter waiter, IProgress progress) : IPlannedStage
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        await NoticeNewerBaseAsync(cancellationToken);
        if (bundles.TryLoad() is not { } bundle) return [new PlannedChange(ChangeKind.Create, "image", "a bundle has not been built yet")];
        var image = await catalog.FindAsync(bundle, cancellationToken);
        return image is not null && ImageCatalog.IsVerified(image)
            ? []
            : [new PlannedChange(ChangeKind.Create, $"image {names.Image(ImageKey.Of(bundle, await catalog.BaseImageAsync(cancellationToken)))}", $"release {bundle.Release}")];
    }

    /// <summary>Bakes the image, or finds it.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.BakeFailed"/> or <see cref="ErrorCode.BootTestFailed"/>, with the log.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var bundle = bundles.Load();
        var baseImage = await catalog.BaseImageAsync(cancellationToken);
        var key = ImageKey.Of(bundle, baseImage);
        var image = await catalog.FindAsync(bundle, cancellationToken);
        if (image is not null && ImageCatalog.IsVerified(image))
        {
            progress.Found($"image {image.Name} ({image.ImageId}) of release {bundle.Release} is verified");
            return;
        }

        if (image is not null && image.State == ImageState.Failed)
        {
            await RemoveAsync(image, cancellationToken);
            image = null;
        }

        var imageId = image?.ImageId ?? await BakeAsync(bundle, baseImage, key, cancellationToken);
        await WaitAvailableAsync(imageId, cancellationToken);
        await bootTest.RunAsync(imageId, bundle, cancellationToken);
        await clients.Ec2.CreateTagsAsync(
            new CreateTagsRequest { Resources = [imageId], Tags = [new Tag(ImageCatalog.VerifiedTag, bundle.Release)] }, cancellationToken);
        observation.Images.Forget();
        progress.Changed($"image {names.Image(key)} ({imageId}) of release {bundle.Release} baked and verified");
    }

    /// <summary>Deregisters an image and deletes its snapshots.</summary>
    public async Task RemoveAsync(Image image, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        await AwsErrors.IfThereAsync(() => clients.Ec2.DeregisterImageAsync(new DeregisterImageRequest { ImageId = image.ImageId }, cancellationToken));
        foreach (var snapshot in (image.BlockDeviceMappings ?? []).Select(mapping => mapping.Ebs?.SnapshotId).OfType<string>())
            await AwsErrors.IfThereAsync(() => clients.Ec2.DeleteSnapshotAsync(new DeleteSnapshotRequest { SnapshotId = snapshot }, cancellationToken));
        observation.Images.Forget();
        progress.Changed($"image {image.Name} ({image.ImageId}) removed");
    }

    private async Task<string> BakeAsync(Bundle bundle, string baseImage, string key, CancellationToken cancellationToken)
    {
        if (await launcher.TerminateLeftoversAsync("builder", cancellationToken) is > 0 and var left)
            progress.Changed($"{left} builders of an earlier run terminated");
        return await builder.BakeAsync(bundle, baseImage, key, cancellationToken);
    }

    private Task WaitAvailableAsync(string imageId, CancellationToken cancellationToken) => waiter.UntilAsync(
        $"image {imageId} to be available", settings.Waits.Pace(settings.Waits.ImageSeconds), async token =>
        {
            var answer = await AwsErrors.UnlessMissingAsync(async () =>
                await clients.Ec2.DescribeImagesAsync(new DescribeImagesRequest { ImageIds = [imageId] }, token));
            var image = (answer?.Images ?? []).FirstOrDefault();
            if (image?.State == ImageState.Available) return Poll.Done(true);
            return image?.State is { } state && state != ImageState.Pending
                ? Poll.Failed<bool>($"{state}: {image.StateReason?.Message ?? "no reason given"}")
                : Poll.NotYet<bool>(image?.State?.Value ?? "not known yet");
        }, cancellationToken);

    private async Task NoticeNewerBaseAsync(CancellationToken cancellationToken)
    {
        var used = await catalog.BaseImageAsync(cancellationToken);
        var newest = await catalog.NewestBaseImageAsync(cancellationToken);
        if (used != newest) progress.Notice($"a newer base image exists: {newest}, in use {used}; take it with --refresh-base");
    }
}
