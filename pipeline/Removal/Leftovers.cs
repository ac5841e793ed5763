using Amazon.EC2.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Dns;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.History;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline.Removal;

/// <summary>Looks for leftovers; only at what carries the cluster's tags, or is in its bucket.</summary>
public sealed class Leftovers(
    IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, Fleet fleet, ClusterBucket bucket, StateObjects objects,
    DeploymentHistory history, ConfigStore configuration, TokenServerParts tokenServer, DnsRemoval dns)
{
    private const int FarBack = 200;

    /// <summary>Everything that is left over, of any age.</summary>
    public async Task<IReadOnlyList<Leftover>> FindAsync(CancellationToken cancellationToken)
    {
        var instances = await observation.Instances.GetAsync(cancellationToken);
        var images = await observation.Images.GetAsync(cancellationToken);
        var inUse = instances.Select(instance => instance.ImageId).ToHashSet();
        IReadOnlyList<Leftover> superfluous =
        [
            .. LeftoverRules.Images(ImageCatalog.Of(ServiceRole.Webhead, images), inUse, settings.Image.Retain),
            .. LeftoverRules.Images(ImageCatalog.Of(ServiceRole.TokenServer, images), inUse, settings.TokenServer is null ? 0 : settings.Image.Retain),
        ];
        var gone = superfluous.Select(one => one.Id).ToHashSet();
        var releases = images.Where(image => !gone.Contains(image.ImageId)).Select(image => image.TagOf("Release") ?? "").ToHashSet();
        var stored = await AwsErrors.UnlessMissingAsync(() => bucket.ListObjectsAsync("", cancellationToken)!) ?? [];
        var journal = await DeploymentJournal.LastAsync(objects, cancellationToken);
        return
        [
            .. settings.TokenServer is null ? await TokenServerLoadBalancerAsync(cancellationToken) : [],
            .. LeftoverRules.Instances(instances, await fleet.WebheadsAsync(cancellationToken), journal, settings.MinHealthy),
            .. LeftoverRules.TokenServers(instances, settings.TokenServer is null ? null : await tokenServer.Fleet.WebheadsAsync(cancellationToken), journal),
            .. superfluous,
            .. LeftoverRules.Snapshots(await SnapshotsAsync(cancellationToken), images),
            .. LeftoverRules.Objects(stored, releases),
            .. LeftoverRules.Configurations(stored, await CurrentAsync(cancellationToken), releases, await history.ReadAsync(FarBack, cancellationToken)),
            .. (await dns.LeftoversAsync(cancellationToken)).Select(name => new Leftover(LeftoverKind.Name, name, "led to this cluster, and is no virtual hostname of it any more", null)),
        ];
    }

    private async Task<IReadOnlyList<Leftover>> TokenServerLoadBalancerAsync(CancellationToken cancellationToken)
    {
        var balancer = await observation.Of(new ClusterNames(names.Cluster, ServiceRole.TokenServer)).LoadBalancer.GetAsync(cancellationToken);
        return balancer is not null && ResourceTags.AreOurs(balancer.Tags, names.Cluster)
            ? [new Leftover(LeftoverKind.LoadBalancer, balancer.Description.LoadBalancerName, "the token server's, and the settings have none", null)]
            : [];
    }

    private async Task<int?> CurrentAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await configuration.CurrentAsync(cancellationToken))?.Version;
        }
        catch (PipelineException unreadable) when (unreadable.Code == ErrorCode.ConfigurationConflict)
        {
            // Which document is the right one is not known: all stay.
            return null;
        }
    }

    private async Task<IReadOnlyList<Snapshot>> SnapshotsAsync(CancellationToken cancellationToken)
    {
        var request = new DescribeSnapshotsRequest
        {
            OwnerIds = ["self"],
            Filters = ResourceTags.Filters(names.Cluster),
        };
        var found = new List<Snapshot>();
        do
        {
            var page = await clients.Ec2.DescribeSnapshotsAsync(request, cancellationToken);
            found.AddRange(page.Snapshots ?? []);
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return found;
    }
}
