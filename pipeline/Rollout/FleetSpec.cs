using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>What the webheads of a release are launched from.</summary>
/// <param name="Release">The release.</param>
/// <param name="LaunchSpec">The hash that the planner compares.</param>
/// <param name="Launch">The request, without its step.</param>
public sealed record FleetTarget(string Release, string LaunchSpec, LaunchRequest Launch);

/// <summary>Finds a release's image and says how its webheads are launched.</summary>
public sealed class FleetSpec(
    EnvironmentSettings settings, ClusterNames names, Observation observation, ImageCatalog catalog, ClusterBucket bucket, AwsConnection connection)
{
    /// <summary>The target of a bundle.</summary>
    /// <exception cref="PipelineException">It has no verified image, or the web group does not exist.</exception>
    public async Task<FleetTarget> ForAsync(Bundle bundle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        var image = await catalog.RequireAsync(bundle, cancellationToken);
        return Of(bundle.Release, image, await observation.GroupIdAsync(names.ServiceGroup, cancellationToken));
    }

    /// <summary>The target that a bundle will have, for plans: image and web group may still have to be made, and have names for ids.</summary>
    public async Task<FleetTarget> ExpectedAsync(Bundle bundle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        var imageKey = ImageKey.Of(bundle, await catalog.BaseImageAsync(cancellationToken));
        var image = await catalog.FindAsync(bundle, cancellationToken);
        var group = (await observation.SecurityGroups.GetAsync(cancellationToken)).FirstOrDefault(seen => seen.GroupName == names.ServiceGroup);
        return Of(bundle.Release, imageKey, image?.ImageId ?? names.Image(imageKey), group?.GroupId ?? names.ServiceGroup);
    }

    /// <summary>The target of a verified image, with today's settings.</summary>
    public async Task<FleetTarget> ForAsync(Amazon.EC2.Model.Image image, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Of(image.TagOf(ImageCatalog.VerifiedTag) ?? "", image, await observation.GroupIdAsync(names.ServiceGroup, cancellationToken));
    }

    /// <summary>What most of those that serve were launched from, to launch more of them; null if none serves.</summary>
    /// <param name="webheads">The fleet.</param>
    /// <param name="cancellationToken">Cancels the look.</param>
    public async Task<LaunchRequest?> ServingAsync(IReadOnlyList<Webhead> webheads, CancellationToken cancellationToken)
    {
        var serving = webheads.Where(webhead => webhead.Verdict.IsServing).GroupBy(webhead => webhead.LaunchSpec).MaxBy(group => group.Count())?.Last();
        if (serving is null) return null;
        var instance = (await observation.Instances.GetAsync(cancellationToken)).First(one => one.InstanceId == serving.Id);
        return new LaunchRequest(
            "", names.Role.Tag, instance.ImageId, instance.InstanceType.Value, instance.SecurityGroups[0].GroupId, instance.IamInstanceProfile?.Arn.Split('/')[^1],
            ServiceUserData.Serving(names.Role, settings, bucket.Name, connection.Target),
            Tags(serving.Release, instance.TagOf("ImageKey") ?? "", serving.LaunchSpec));
    }

    private Dictionary<string, string> Tags(string release, string imageKey, string launchSpec)
    {
        var tags = new Dictionary<string, string> { ["Release"] = release, ["ImageKey"] = imageKey, ["LaunchSpec"] = launchSpec };
        if (settings.SpeaksTlsToWebheads) tags[InstanceProtocol.Tag] = "on";
        return tags;
    }

    private FleetTarget Of(string release, Amazon.EC2.Model.Image image, string groupId) => Of(release, image.TagOf("ImageKey") ?? "", image.ImageId, groupId);

    private FleetTarget Of(string release, string imageKey, string imageId, string groupId)
    {
        var request = new LaunchRequest(
            "", names.Role.Tag, imageId, settings.Webheads.InstanceType, groupId, settings.WebheadProfile,
            ServiceUserData.Serving(names.Role, settings, bucket.Name, connection.Target), new Dictionary<string, string>());
        var launchSpec = LaunchSpec.Of(imageKey, request);
        return new FleetTarget(release, launchSpec, request with
        {
            Tags = Tags(release, imageKey, launchSpec),
        });
    }
}
