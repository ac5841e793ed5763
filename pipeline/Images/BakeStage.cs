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
    IClients clients, ClusterNames names, Observation observation, ImageCatalog catalog, ServiceBuild bundles,
    ImageBuilder builder, BootTest bootTest, InstanceLauncher launcher, RunReport report, IProgress progress) : IPlannedStage
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        // What goes for both roles is said by the first.
        var changes = names.Role == ServiceRole.Webhead ? await LeftoversAsync(cancellationToken) : [];
        if (bundles.TryLoad() is not { } bundle) return [.. changes, new PlannedChange(ChangeKind.Create, "image", $"a {names.Role.Noun}'s bundle has not been built yet")];
        var image = await catalog.FindAsync(bundle, cancellationToken);
        if (image is null || !ImageCatalog.IsVerified(image)) changes.AddRange(await BakingAsync(bundle, image, cancellationToken));
        return changes;
    }

    private async Task<List<PlannedChange>> LeftoversAsync(CancellationToken cancellationToken)
    {
        await NoticeNewerBaseAsync(cancellationToken);
        return [.. (await observation.Instances.GetAsync(cancellationToken)).Where(instance => instance.TagOf("Role") is "builder" or "admin")
            .Select(instance => new PlannedChange(ChangeKind.Delete, $"instance {instance.InstanceId}", $"a {instance.TagOf("Role")} of an earlier run"))];
    }

    private async Task<IEnumerable<PlannedChange>> BakingAsync(Bundle bundle, Image? image, CancellationToken cancellationToken)
    {
        var baseImage = await catalog.BaseImageAsync(cancellationToken);
        var name = $"image {names.Image(ImageKey.Of(bundle, baseImage))}";
        PlannedChange Of(ChangeKind kind, string detail, string value) => new(kind, name, detail) { To = value };
        if (image is not null && image.State != ImageState.Failed) return [Of(ChangeKind.Update, "boot test", $"release {bundle.Release}, baked by an earlier run as {image.ImageId}")];
        var kind = image is null ? ChangeKind.Create : ChangeKind.Replace;
        return
        [
            Of(kind, "release", bundle.Release),
            Of(kind, "bundle", $"{bundle.Digest[..12]}, {bundle.Files} files, {bundle.Bytes / 1e6:0.0} MB"),
            Of(kind, "base image", baseImage),
            Of(kind, "architecture", bundle.Architecture),
        ];
    }

    /// <summary>Bakes the image, or finds it.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.BakeFailed"/> or <see cref="ErrorCode.BootTestFailed"/>, with the log.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await RemoveLeftoversAsync(cancellationToken);
        var bundle = bundles.Load();
        report.Building(names.Role, bundle.Release, bundle.Digest);
        var baseImage = await catalog.BaseImageAsync(cancellationToken);
        var key = ImageKey.Of(bundle, baseImage);
        var image = await catalog.FindAsync(bundle, cancellationToken);
        if (image is not null && ImageCatalog.IsVerified(image))
        {
            report.Deploying(names.Role, bundle.Release, image.ImageId);
            progress.Found($"image {image.Name} ({image.ImageId}) of release {bundle.Release} is verified");
            return;
        }

        // An earlier run may have been killed after its builder's report.
        await builder.RemoveReportsAsync(cancellationToken);
        if (image is not null && image.State == ImageState.Failed)
        {
            await RemoveAsync(image, cancellationToken);
            image = null;
        }

        if (image is not null) await catalog.WaitAvailableAsync(image.ImageId, cancellationToken);
        var imageId = image?.ImageId ?? await builder.BakeAsync(bundle, names.Role, baseImage, key, cancellationToken);
        await VerifyAsync(imageId, bundle, cancellationToken);
        report.Deploying(names.Role, bundle.Release, imageId);
        progress.Changed($"image {names.Image(key)} ({imageId}) of release {bundle.Release} baked and verified");
    }

    /// <summary>Deregisters an image and deletes its snapshots.</summary>
    public Task RemoveAsync(Image image, CancellationToken cancellationToken) => builder.RemoveAsync(image, cancellationToken);

    // Of runs that were killed. They are few and cost money, so every run looks, also one that bakes nothing.
    private async Task RemoveLeftoversAsync(CancellationToken cancellationToken)
    {
        foreach (var role in new[] { "builder", "admin" })
        {
            if (await launcher.TerminateLeftoversAsync(role, cancellationToken) is > 0 and var left)
                progress.Changed($"{left} {role} instances of an earlier run terminated");
        }
    }

    private async Task VerifyAsync(string imageId, Bundle bundle, CancellationToken cancellationToken)
    {
        try
        {
            await bootTest.RunAsync(imageId, bundle, cancellationToken);
        }
        catch (PipelineException failure) when (failure.Code == ErrorCode.BootTestFailed)
        {
            // It would be found, and tested in vain, by every run to come.
            observation.Images.Forget();
            if (await catalog.FindAsync(bundle, cancellationToken) is { } broken) await RemoveAsync(broken, cancellationToken);
            throw;
        }

        await clients.Ec2.CreateTagsAsync(
            new CreateTagsRequest { Resources = [imageId], Tags = [new Tag(ImageCatalog.VerifiedTag, bundle.Release)] }, cancellationToken);
        observation.Images.Forget();
    }

    private async Task NoticeNewerBaseAsync(CancellationToken cancellationToken)
    {
        var used = await catalog.BaseImageAsync(cancellationToken);
        var newest = await catalog.NewestBaseImageAsync(cancellationToken);
        if (used != newest) progress.Notice($"a newer base image exists: {newest}, in use {used}; take it with --refresh-base");
    }
}
