using System.Text.Json;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.S3;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Images;

/// <summary>The builder: an instance that installs the bundle, reports and stops; its disk becomes the image.</summary>
public sealed class ImageBuilder(
    IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, ClusterBucket bucket, ImageCatalog catalog,
    InstanceLauncher launcher, Cleanup cleanup, RunOptions options, TimeProvider time, IProgress progress)
{
    /// <summary>Below it are the objects in which builders report.</summary>
    internal const string ReportPrefix = "bake/";

    private static readonly TimeSpan UrlLifetime = TimeSpan.FromMinutes(15);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private string ResultKey => $"{ReportPrefix}{options.DeploymentId}/result.json";

    private string LogKey => $"{ReportPrefix}{options.DeploymentId}/log.txt";

    /// <summary>Bakes, and returns the id of the image once it is available. What is temporary is removed in any case.</summary>
    /// <param name="bundle">What is installed.</param>
    /// <param name="role">What the image is for.</param>
    /// <param name="baseImage">From which image.</param>
    /// <param name="key">The image's key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<string> BakeAsync(Bundle bundle, ServiceRole role, string baseImage, string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        if (await bucket.UploadOnceAsync(bundle.ObjectKey, bundle.ArchivePath, cancellationToken))
            progress.Changed($"bundle {bundle.Release} uploaded ({bundle.Bytes / 1e6:0.0} MB)");

        string? builder = null;
        return await cleanup.AfterAsync(
            async () =>
            {
                builder = await launcher.LaunchOneAsync(await LaunchRequestAsync(bundle, role, baseImage, key, cancellationToken), cancellationToken);
                progress.Changed($"builder {builder} launched from {baseImage}");
                await WaitDoneAsync(builder, cancellationToken);
                await RequireSuccessAsync(builder, bundle, cancellationToken);
                var image = await CreateImageAsync(builder, bundle, role, baseImage, key, cancellationToken);

                // The image is copied from the builder's disk: the builder goes once that is done.
                await catalog.WaitAvailableAsync(image, cancellationToken);
                return image;
            },
            async token =>
            {
                if (builder is not null) await launcher.TerminateAsync([builder], token);
                await bucket.DeleteAsync([ResultKey, LogKey], token);
            },
            cancellationToken);
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

    /// <summary>Removes what builders of killed runs reported. They must be gone, and no other may be at work.</summary>
    public async Task RemoveReportsAsync(CancellationToken cancellationToken)
    {
        var left = await bucket.ListAsync(ReportPrefix, cancellationToken);
        if (left.Count > 0) await bucket.DeleteAsync(left, cancellationToken);
    }

    /// <summary>Waits until the builder has stopped itself; one that does not is judged by its console.</summary>
    private async Task WaitDoneAsync(string builder, CancellationToken cancellationToken)
    {
        try
        {
            await launcher.WaitStoppedAsync(builder, settings.Waits.Pace(settings.Waits.ImageSeconds), cancellationToken);
        }
        catch (PipelineException late) when (late.Code == ErrorCode.TimedOut)
        {
            var console = await launcher.ConsoleTailAsync(builder, 20, cancellationToken);
            throw new PipelineException(
                ErrorCode.BakeFailed, $"The builder {builder} was not done within {settings.Waits.ImageSeconds:0.#} s.",
                lastSeen: console.Length == 0 ? $"{late.LastSeen}, and nothing on its console" : console,
                hint: "It has been terminated: run the same command again. Where it only takes longer, raise waits.imageSeconds.", inner: late);
        }
    }

    private async Task<LaunchRequest> LaunchRequestAsync(Bundle bundle, ServiceRole role, string baseImage, string key, CancellationToken cancellationToken)
    {
        var script = BuilderScript.For(
            bundle,
            await bucket.PresignAsync(bundle.ObjectKey, HttpVerb.GET, UrlLifetime),
            await bucket.PresignAsync(ResultKey, HttpVerb.PUT, UrlLifetime),
            await bucket.PresignAsync(LogKey, HttpVerb.PUT, UrlLifetime));
        return new LaunchRequest(
            role.Step("builder"), "builder", baseImage, settings.Image.InstanceType, await observation.GroupIdAsync(names.BuildGroup, cancellationToken),
            InstanceProfile: null, script, new Dictionary<string, string> { ["Release"] = bundle.Release, ["ImageKey"] = key })
        {
            // What is encrypted here is in the image, and so in all that is launched from it.
            PlainDevices = await catalog.PlainDevicesAsync(baseImage, cancellationToken),
        };
    }

    private async Task RequireSuccessAsync(string builder, Bundle bundle, CancellationToken cancellationToken)
    {
        var result = await bucket.ReadAsync(ResultKey, cancellationToken) is { } text ? JsonSerializer.Deserialize<BakeResult>(text.Text, Json) : null;
        if (result?.Outcome == "ok") return;

        var log = (await bucket.ReadAsync(LogKey, cancellationToken))?.Text.Trim() ?? await launcher.ConsoleTailAsync(builder, 20, cancellationToken);
        var damaged = BuilderScript.BundleSteps.Contains(result?.Step ?? "");

        // The object is named by its content, and so would be taken again.
        if (damaged) await bucket.DeleteAsync([bundle.ObjectKey], cancellationToken);
        throw new PipelineException(
            ErrorCode.BakeFailed,
            result is null ? $"The builder {builder} stopped without a result." : $"The builder {builder} failed in step '{result.Step}' (exit code {result.ExitCode}).",
            lastSeen: string.Join('\n', log.Split('\n').TakeLast(20)),
            hint: damaged
                ? $"The bundle in the bucket could not be read or is not what was built: {bundle.ObjectKey} has been deleted. Run again: it is uploaded anew."
                : "The log above is the builder's; it has been terminated. Mend the cause and run again.");
    }

    private async Task<string> CreateImageAsync(string builder, Bundle bundle, ServiceRole role, string baseImage, string key, CancellationToken cancellationToken)
    {
        var tags = ResourceTags.Of(names.Cluster, role.Tag).With("Name", names.Image(key)).With("Release", bundle.Release).With("ImageKey", key)
            .With(ImageCatalog.BaseImageTag, baseImage).With("BakedAt", time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        if (bundle.Compatibility is { } compatibility)
            tags = tags.With(ImageCatalog.SchemaTag, compatibility.Schema.Tag).With(ImageCatalog.ConfigurationTag, compatibility.Configuration.Tag);
        var request = new CreateImageRequest
        {
            InstanceId = builder,
            Name = names.Image(key),
            Description = $"Sync {role.Noun} {bundle.Release}",
            TagSpecifications =
            [
                new TagSpecification { ResourceType = ResourceType.Image, Tags = tags.ToEc2() },
                new TagSpecification { ResourceType = ResourceType.Snapshot, Tags = tags.ToEc2() },
            ],
        };
        observation.Images.Forget();
        return (await clients.Ec2.CreateImageAsync(request, cancellationToken)).ImageId;
    }
}
