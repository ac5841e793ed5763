using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Preflight;

/// <summary>Whether the base image is there and fits, and this caller may launch it: EC2 says so to a dry run.</summary>
public sealed class ImageCheck(IClients clients, EnvironmentSettings settings, ImageCatalog catalog, Observation observation) : IPreflightCheck
{
    /// <inheritdoc/>
    public string About => "base image";

    /// <inheritdoc/>
    public async Task<CheckResult> RunAsync(CancellationToken cancellationToken)
    {
        var id = await catalog.NewestBaseImageAsync(cancellationToken);
        if (await catalog.DescribeAsync(id, cancellationToken) is not { } image)
            return CheckResult.Of("", new Problem($"There is no base image {id} in this region, or it is not shared with this account.", "Correct image.baseImage, or leave it out for the current Amazon Linux 2023."));

        List<Problem> problems = [.. Unfit(image)];
        if (problems.Count == 0 && await DryRunAsync(id, cancellationToken) is { } refused) problems.Add(refused);
        return CheckResult.Of($"base image {id} ({image.Name}) can be launched", problems);
    }

    private IEnumerable<Problem> Unfit(Image image)
    {
        const string Other = "Choose another image.baseImage.";
        if (image.State != ImageState.Available) yield return new Problem($"The base image {image.ImageId} is {image.State}.", Other);
        if (image.Architecture?.Value != settings.Image.Architecture)
            yield return new Problem($"The base image {image.ImageId} is {image.Architecture}, image.architecture is {settings.Image.Architecture}.", Other);
        if (image.RootDeviceType is { } root && root != DeviceType.Ebs) yield return new Problem($"The base image {image.ImageId} has a root device of type {root}; only ebs can be baked from.", Other);
    }

    private async Task<Problem?> DryRunAsync(string imageId, CancellationToken cancellationToken)
    {
        var network = await observation.Network.GetAsync(cancellationToken);
        var request = new RunInstancesRequest
        {
            DryRun = true,
            ImageId = imageId,
            InstanceType = InstanceType.FindValue(settings.Webheads.InstanceType),
            MinCount = 1,
            MaxCount = 1,
            SubnetId = network.SubnetIds[0],
            MetadataOptions = new InstanceMetadataOptionsRequest { HttpTokens = HttpTokensState.Required },

            // Who may launch only what carries the cluster's tags is asked about such.
            TagSpecifications = [.. new[] { ResourceType.Instance, ResourceType.Volume }.Select(type => new TagSpecification { ResourceType = type, Tags = ResourceTags.Of(settings.Cluster, "builder").ToEc2() })],
        };
        return await DryRun.AskAsync(() => clients.Ec2.RunInstancesAsync(request, cancellationToken), "launch instances", $"launch {settings.Webheads.InstanceType} from {imageId}");
    }
}
