using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Removal;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Roles;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.DatabaseInstances;

/// <summary>Removes dbnodes on EC2: a final snapshot of each database stays, and no other backup, as with RDS.</summary>
public sealed class NodeRemoval(
    IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, NodeInstances instances, RoleRemoval roles, RemovalWaits waits, Waiter waiter, TimeProvider time, IProgress progress)
{
    /// <summary>The dbnodes that there are, by name; empty, and nothing is asked, where neither the settings nor the instances have one.</summary>
    public async Task<IReadOnlyDictionary<string, ObservedNode>> FindAsync(CancellationToken cancellationToken)
    {
        var running = await observation.Instances.GetAsync(cancellationToken);
        if (!settings.InstanceNodes.Any() && !running.Any(instance => instance.TagOf("Role") == NodeTags.Role)) return new Dictionary<string, ObservedNode>();
        var volumes = await observation.Volumes.GetAsync(cancellationToken);
        var found = volumes.Where(volume => volume.TagOf(NodeTags.Generation) is not null).Select(volume => volume.TagOf(NodeTags.Node))
            .Concat(running.Where(instance => instance.TagOf("Role") == NodeTags.Role).Select(instance => instance.TagOf(NodeTags.Node))).OfType<string>().Distinct();
        return found.ToDictionary(node => node, node => ObservedNode.Of(node, volumes, running));
    }

    /// <summary>Removes one: its instances end, its database is copied, its volumes, its other backups and its role go.</summary>
    public async Task RemoveAsync(string node, ObservedNode seen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(seen);
        var name = $"{names.Cluster}-{node}";
        List<Instance> running = [.. seen.Others, .. seen.Instance is null ? [] : new[] { seen.Instance }];
        await instances.EndAsync(name, [.. running.Select(instance => instance.InstanceId)], cancellationToken);

        // In one that was never initialized nothing was ever made.
        if (seen is { Volume: { } volume, Initialized: not null }) await SnapshotAsync(node, name, volume, cancellationToken);
        foreach (var left in (await observation.Volumes.RefreshAsync(cancellationToken)).Where(left => left.TagOf(NodeTags.Node) == node && left.TagOf(NodeTags.Generation) is not null).ToList())
        {
            if (await waits.DeleteAsync($"volume {left.VolumeId}", token => clients.Ec2.DeleteVolumeAsync(new DeleteVolumeRequest { VolumeId = left.VolumeId }, token), cancellationToken))
                progress.Changed($"volume {left.VolumeId} of {name} deleted");
        }

        observation.Volumes.Forget();
        await RemoveAutomaticAsync(node, name, cancellationToken);
        await roles.RemoveAsync(names.NodeRole(node), cancellationToken);
    }

    // A run that was killed after it may have made one: of a volume that nobody writes to one is enough.
    private async Task SnapshotAsync(string node, string name, Volume volume, CancellationToken cancellationToken)
    {
        var known = (await SnapshotsAsync(node, cancellationToken)).FirstOrDefault(snapshot => snapshot.VolumeId == volume.VolumeId && snapshot.TagOf(NodeTags.Kind) == NodeTags.Final && snapshot.State != SnapshotState.Error);
        var id = known?.SnapshotId ?? (await clients.Ec2.CreateSnapshotAsync(
            new CreateSnapshotRequest
            {
                VolumeId = volume.VolumeId,
                Description = $"{name}, final",
                TagSpecifications =
                [
                    new TagSpecification
                    {
                        ResourceType = ResourceType.Snapshot,
                        Tags = NodeTags.Of(names, node).With(NodeTags.Kind, NodeTags.Final).With(NodeTags.TakenAt, NodeRestore.Text(time.GetUtcNow())).ToEc2(),
                    },
                ],
            },
            cancellationToken)).Snapshot.SnapshotId;
        await waiter.UntilAsync($"the final snapshot {id} of {name}", settings.Waits.Pace(settings.Waits.DataStoreSeconds), async token =>
        {
            var snapshot = (await SnapshotsAsync(node, token)).FirstOrDefault(snapshot => snapshot.SnapshotId == id);
            if (snapshot?.State == SnapshotState.Completed) return Poll.Done(true);
            return snapshot?.State == SnapshotState.Error ? Poll.Failed<bool>($"error: {snapshot.StateMessage}") : Poll.NotYet<bool>($"{snapshot?.State?.Value ?? "not known yet"} {snapshot?.Progress}");
        }, cancellationToken);
        progress.Changed($"database {name}: the final snapshot {id} stays");
    }

    private async Task RemoveAutomaticAsync(string node, string name, CancellationToken cancellationToken)
    {
        var automatic = (await SnapshotsAsync(node, cancellationToken)).Where(snapshot => snapshot.TagOf(NodeTags.Kind) == NodeTags.Automatic).ToList();
        foreach (var snapshot in automatic)
            await AwsErrors.IfThereAsync(() => clients.Ec2.DeleteSnapshotAsync(new DeleteSnapshotRequest { SnapshotId = snapshot.SnapshotId }, cancellationToken));
        if (automatic.Count > 0) progress.Changed($"{automatic.Count} automatic snapshots of {name} deleted");
    }

    private Task<IReadOnlyList<Snapshot>> SnapshotsAsync(string node, CancellationToken cancellationToken) => NodeSnapshots.ReadAsync(clients, names.Cluster, node, cancellationToken);
}

/// <summary>The snapshots of dbnodes.</summary>
internal static class NodeSnapshots
{
    /// <summary>Those of a node, of every kind and in every state.</summary>
    public static async Task<IReadOnlyList<Snapshot>> ReadAsync(IClients clients, string cluster, string node, CancellationToken cancellationToken)
    {
        var request = new DescribeSnapshotsRequest
        {
            OwnerIds = ["self"],
            Filters = [.. ResourceTags.Filters(cluster), new Filter("tag:Role", [NodeTags.Role]), new Filter($"tag:{NodeTags.Node}", [node])],
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
