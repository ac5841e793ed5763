using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Images;

/// <summary>The cluster's images, and the base image that the next is baked from.</summary>
public sealed class ImageCatalog
{
    /// <summary>The tag that a boot-tested image gets last.</summary>
    public const string VerifiedTag = "Verified";

    /// <summary>The tag that names the base image.</summary>
    public const string BaseImageTag = "BaseImage";

    /// <summary>The tag that says with which database schemas the release works: <c>1-2</c>.</summary>
    public const string SchemaTag = "Schema";

    /// <summary>The tag that says which formats of configuration documents the release reads: <c>1-2</c>.</summary>
    public const string ConfigurationTag = "Configuration";

    private const string SsmPrefix = "resolve:ssm:";

    private readonly IClients clients;
    private readonly EnvironmentSettings settings;
    private readonly Observation observation;
    private readonly RunOptions options;
    private readonly Waiter waiter;
    private readonly Memo<string> newestBaseImage;
    private readonly Dictionary<string, Image?> described = [];

    /// <summary>Reads nothing yet.</summary>
    public ImageCatalog(IClients clients, EnvironmentSettings settings, Observation observation, RunOptions options, Waiter waiter)
    {
        this.clients = clients;
        this.settings = settings;
        this.observation = observation;
        this.options = options;
        this.waiter = waiter;
        newestBaseImage = new(ResolveBaseImageAsync);
    }

    /// <summary>Those of a role.</summary>
    public static IReadOnlyList<Image> Of(ServiceRole role, IEnumerable<Image> images)
    {
        ArgumentNullException.ThrowIfNull(role);
        return [.. images.Where(image => image.TagOf("Role") == role.Tag)];
    }

    /// <summary>Whether an image can be deployed: available and boot-tested.</summary>
    public static bool IsVerified(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.State == ImageState.Available && image.TagOf(VerifiedTag) is not null;
    }

    /// <summary>What the release of an image works with: its tags are all that is left of an old release. Null if it did not declare it.</summary>
    public static Compatibility? CompatibilityOf(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return VersionRange.Parse(image.TagOf(SchemaTag)) is { } schema && VersionRange.Parse(image.TagOf(ConfigurationTag)) is { } configuration
            ? new Compatibility(schema, configuration)
            : null;
    }

    /// <summary>The base image to bake from: the one of the newest verified image, unless there is none or it shall be refreshed.</summary>
    public async Task<string> BaseImageAsync(CancellationToken cancellationToken)
    {
        if (options.RefreshBase) return await newestBaseImage.GetAsync(cancellationToken);
        var images = await observation.Images.GetAsync(cancellationToken);
        var used = images.Where(image => IsVerified(image) && image.Architecture == settings.Image.Architecture)
            .OrderByDescending(image => image.CreationDate, StringComparer.Ordinal)
            .Select(image => image.TagOf(BaseImageTag)).FirstOrDefault(id => id is not null);
        return used ?? await newestBaseImage.GetAsync(cancellationToken);
    }

    /// <summary>The newest base image.</summary>
    public Task<string> NewestBaseImageAsync(CancellationToken cancellationToken) => newestBaseImage.GetAsync(cancellationToken);

    /// <summary>A base image by its id, or null if there is none; it does not change, and is asked for once a run.</summary>
    public async Task<Image?> DescribeAsync(string imageId, CancellationToken cancellationToken)
    {
        if (described.TryGetValue(imageId, out var known)) return known;
        var answer = await AwsErrors.UnlessMissingAsync(async () =>
            await clients.Ec2.DescribeImagesAsync(new DescribeImagesRequest { ImageIds = [imageId] }, cancellationToken));
        return described[imageId] = (answer?.Images ?? []).FirstOrDefault();
    }

    /// <summary>The devices of an image that are made of snapshots without encryption, as those of public images are.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.BakeFailed"/>: there is no such image.</exception>
    public async Task<IReadOnlyList<string>> PlainDevicesAsync(string imageId, CancellationToken cancellationToken)
    {
        return await DescribeAsync(imageId, cancellationToken) is { } image
            ? [.. (image.BlockDeviceMappings ?? []).Where(mapping => mapping.Ebs is { Encrypted: not true }).Select(mapping => mapping.DeviceName)]
            : throw new PipelineException(ErrorCode.BakeFailed, $"There is no base image {imageId}.", hint: "Correct image.baseImage, or take the current one with --refresh-base.");
    }

    /// <summary>The verified image of a bundle.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.BakeFailed"/>: there is none yet.</exception>
    public async Task<Image> RequireAsync(Bundle bundle, CancellationToken cancellationToken) =>
        await FindAsync(bundle, cancellationToken) is { } image && IsVerified(image)
            ? image
            : throw new PipelineException(ErrorCode.BakeFailed, $"There is no verified image of release {bundle.Release}.", hint: "./build.sh --target=Bake-AMI");

    /// <summary>The image of a bundle in whatever state, or null.</summary>
    public async Task<Image?> FindAsync(Bundle bundle, CancellationToken cancellationToken)
    {
        var key = ImageKey.Of(bundle, await BaseImageAsync(cancellationToken));
        return (await observation.Images.GetAsync(cancellationToken)).FirstOrDefault(image => image.TagOf("ImageKey") == key);
    }

    /// <summary>Waits until an image can be launched.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.TerminalState"/> with AWS's reason if it failed.</exception>
    public Task WaitAvailableAsync(string imageId, CancellationToken cancellationToken) => waiter.UntilAsync(
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

    private async Task<string> ResolveBaseImageAsync(CancellationToken cancellationToken)
    {
        var wanted = settings.Image.BaseImage
            ?? $"{SsmPrefix}/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{settings.Image.Architecture}";
        if (!wanted.StartsWith(SsmPrefix, StringComparison.Ordinal)) return wanted;
        var answer = await clients.Ssm.GetParameterAsync(new GetParameterRequest { Name = wanted[SsmPrefix.Length..] }, cancellationToken);
        return answer.Parameter.Value;
    }
}
