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

namespace SyncStorage.Pipeline.Removal;

/// <summary>Looks for leftovers; only at what carries the cluster's tags, or is in its bucket.</summary>
public sealed class Leftovers(
    IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, Fleet fleet, ClusterBucket bucket, StateObjects objects,
    DeploymentHistory history, ConfigStore configuration, DnsRemoval dns)
{
    private const int FarBack = 200;

    /// <summary>Everything that is left over, of any age.</summary>
    public async Task<IReadOnlyList<Leftover>> FindAsync(CancellationToken cancellationToken)
    {
        var instances = await observation.Instances.GetAsync(cancellationToken);
        var images = await observation.Images.GetAsync(cancellationToken);
        var superfluous = LeftoverRules.Images(images, instances.Select(instance => instance.ImageId).ToHashSet(), settings.Image.Retain);
        var gone = superfluous.Select(one => one.Id).ToHashSet();
        var releases = images.Where(image => !gone.Contains(image.ImageId)).Select(image => image.TagOf("Release") ?? "").ToHashSet();
        var stored = await AwsErrors.UnlessMissingAsync(() => bucket.ListObjectsAsync("", cancellationToken)!) ?? [];
        return
        [
            .. LeftoverRules.Instances(instances, await fleet.WebheadsAsync(cancellationToken), await DeploymentJournal.LastAsync(objects, cancellationToken), settings.MinHealthy),
            .. superfluous,
            .. LeftoverRules.Snapshots(await SnapshotsAsync(cancellationToken), images),
            .. LeftoverRules.Objects(stored, releases),
            .. LeftoverRules.Configurations(stored, await CurrentAsync(cancellationToken), releases, await history.ReadAsync(FarBack, cancellationToken)),
            .. (await dns.LeftoversAsync(cancellationToken)).Select(name => new Leftover(LeftoverKind.Name, name, "led to this cluster, and is no virtual hostname of it any more", null)),
        ];
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
