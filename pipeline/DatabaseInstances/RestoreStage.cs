using System.Text.Json;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Removal;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline.DatabaseInstances;

/// <summary>
/// Restore-DB: brings a dbnode on EC2 back to a time. A new volume is made of a snapshot, and an instance of its own carries the binary logs out on it and
/// checks it, while the old one serves. Only what was checked takes its place, by tags that are set in one call; the old volume stays.
/// </summary>
public sealed class RestoreStage(
    IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, ClusterBucket bucket, DatabaseInstanceStage nodes, DatabaseImage image,
    NodeInstances instances, NodeAddresses addresses, RestoredNode restored, DatabaseInitialization initialization, TokenServerDatabase tokenServer, Fleet fleet, InstanceLauncher launcher, RemoteCommands remote,
    RemovalWaits waits, Cleanup cleanup, RunOptions options, IProgress progress)
{
    /// <summary>Restores.</summary>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.BadArgument"/>; <see cref="ErrorCode.RestoreOutOfReach"/>; <see cref="ErrorCode.DowntimeNotApproved"/>; <see cref="ErrorCode.BackupDamaged"/>: then the
    /// database is as it was.
    /// </exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var node = NodeOf(options.Node);
        var name = names.Database(node);
        await RemoveLeftoversAsync(node, cancellationToken);
        var seen = await nodes.ObserveAsync(node, cancellationToken);
        var snapshots = await NodeSnapshots.ReadAsync(clients, names.Cluster, node.Name, cancellationToken);
        var to = RestorePlan.Time(options.To, await ReachAsync(node, seen, snapshots, cancellationToken), name);
        var snapshot = RestorePlan.Choose(snapshots, to, name);
        progress.Found($"database {name}: from {snapshot.SnapshotId} of {NodeRestore.Text(RestorePlan.TakenAt(snapshot)!.Value)} to {NodeRestore.Text(to)}");
        if (seen.Volume is not null && options.Approve != names.Cluster)
            throw new PipelineException(
                ErrorCode.DowntimeNotApproved, $"Restoring the database {name} interrupts it, and gives up what was written after {NodeRestore.Text(to)}.",
                hint: $"--approve={names.Cluster} restores it; the volume that it has now stays. Nothing was changed.");

        var (volume, instance) = await PrepareAsync(node, seen, snapshot, new NodeRestore(options.DeploymentId, to), cancellationToken);
        if (settings.TokenServerNode == node) await tokenServer.RestoreAsync(await AddressOfAsync(instance, cancellationToken), cancellationToken);
        await SwitchAsync(node, volume, instance, cancellationToken);
        await instances.EndAsync(name, [.. seen.Others.Append<Instance?>(seen.Instance).OfType<Instance>().Select(old => old.InstanceId)], cancellationToken);
        progress.Changed($"database {name} is as of {NodeRestore.Text(to)}, on {volume.VolumeId}");
        if (seen.Volume is { } before) progress.Notice($"the volume {before.VolumeId} has what {name} was before, and stays: delete it once nobody wants it");
    }

    private DatabaseNodeSettings NodeOf(string? wanted)
    {
        var node = settings.InstanceNodes.FirstOrDefault(node => node.Name == wanted);
        if (node is not null) return node;
        var known = string.Join(", ", settings.InstanceNodes.Select(one => one.Name));
        throw new PipelineException(
            ErrorCode.BadArgument, wanted is null ? "Which dbnode is to be restored?" : $"There is no dbnode {wanted} on EC2.",
            hint: known.Length > 0 ? $"--node={known}" : "The settings have no dbnode with \"backend\": \"ec2\"; RDS restores its own: docs/operations.md.");
    }

    /// <summary>What an earlier run began, and did not take into service.</summary>
    private async Task RemoveLeftoversAsync(DatabaseNodeSettings node, CancellationToken cancellationToken)
    {
        var left = (await observation.Instances.GetAsync(cancellationToken)).Where(instance => instance.TagOf("Role") == NodeTags.Restoring).Select(instance => instance.InstanceId).ToList();
        await instances.EndAsync(names.Database(node), left, cancellationToken);
        foreach (var volume in RestorePlan.Leftovers(await observation.Volumes.GetAsync(cancellationToken)))
            await DeleteAsync(volume.VolumeId, cancellationToken);
    }

    /// <summary>How far the binary logs reach, after a database that serves has brought its last ones.</summary>
    private async Task<DateTimeOffset?> ReachAsync(DatabaseNodeSettings node, ObservedNode seen, IReadOnlyList<Snapshot> snapshots, CancellationToken cancellationToken)
    {
        if (seen.Instance is { } serving && await remote.RunReachableAsync([serving.InstanceId], DatabaseNodeAdmin.Ship, cancellationToken) is [{ } result] && NodeReport.Of(result) is { ShippedUpTo: { } upTo })
            return upTo;
        progress.Notice($"database {names.Database(node)} does not answer: what it has not brought to the bucket can't be restored");
        if (snapshots.OrderByDescending(RestorePlan.TakenAt).Select(snapshot => snapshot.TagOf(NodeTags.Timeline)).FirstOrDefault(timeline => timeline is not null) is not { } timeline) return null;
        var key = $"dbnodes/{node.Name}/{timeline}/shipped.json";
        try
        {
            return await bucket.ReadAsync(key, cancellationToken) is { } mark ? JsonDocument.Parse(mark.Text).RootElement.GetProperty("upTo").GetDateTimeOffset() : null;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw Damaged(names.Database(node), $"{key} can't be read: {exception.Message}", exception);
        }
    }

    /// <summary>Makes what is to take the database's place, checked; or nothing is left of it.</summary>
    private async Task<(Volume Volume, string Instance)> PrepareAsync(
        DatabaseNodeSettings node, ObservedNode seen, Snapshot snapshot, NodeRestore restore, CancellationToken cancellationToken)
    {
        Volume? volume = null;
        string? instance = null;
        var checkedOut = false;
        var zone = seen.Volume?.AvailabilityZone ?? (await observation.Network.GetAsync(cancellationToken)).Subnets[0].Zone;
        return await cleanup.AfterAsync(
            async () =>
            {
                volume = await instances.CreateVolumeAsync(node, zone, snapshot.SnapshotId, NodeTags.Restoring, new Dictionary<string, string>(), cancellationToken);
                await instances.LaunchAsync(node, volume, await image.RequireAsync(cancellationToken), NodeTags.Restoring, restore, id => instance = id, cancellationToken);
                await WaitCheckedAsync(node, instance!, cancellationToken);
                checkedOut = true;
                return (volume, instance!);
            },
            async token =>
            {
                if (checkedOut) return;
                if (instance is not null) await launcher.TerminateAsync([instance], token);
                if (volume is not null) await DeleteAsync(volume.VolumeId, token);
            },
            cancellationToken);
    }

    private async Task WaitCheckedAsync(DatabaseNodeSettings node, string instance, CancellationToken cancellationToken)
    {
        var name = names.Database(node);
        try
        {
            await instances.WaitReadyAsync(name, instance, cancellationToken);
        }
        catch (PipelineException failed) when (failed.Code == ErrorCode.TerminalState)
        {
            var reason = failed.LastSeen ?? failed.Message;
            throw reason.StartsWith("time-out-of-reach", StringComparison.Ordinal)
                ? new PipelineException(ErrorCode.RestoreOutOfReach, $"The backups of {name} do not reach the time that is wanted.", lastSeen: reason, hint: "Nothing was changed: it serves as before.", inner: failed)
                : Damaged(name, reason, failed);
        }
    }

    private static PipelineException Damaged(string name, string seen, Exception inner) => new(
        ErrorCode.BackupDamaged, $"A backup of {name} is damaged or incomplete, and was not taken into service.", lastSeen: seen,
        hint: "Nothing was changed: the database is as it was. An earlier --to may do without what is damaged; take a snapshot of what serves, so that the next restore can.", inner: inner);

    /// <summary>From one call on it is the database; what follows from that, the next Deploy would do, too.</summary>
    private async Task SwitchAsync(DatabaseNodeSettings node, Volume volume, string instance, CancellationToken cancellationToken)
    {
        await clients.Ec2.CreateTagsAsync(new CreateTagsRequest { Resources = [volume.VolumeId, instance], Tags = [new("Role", NodeTags.Role)] }, cancellationToken);
        observation.Volumes.Forget();
        observation.Instances.Forget();
        await RenewAccountsAsync(node, cancellationToken);
        await addresses.PublishAsync(cancellationToken);
        await restored.BeginAsync(names.Database(node), instance, cancellationToken);
    }

    /// <summary>What was restored gets the accounts and passwords that the cluster has now: webheads know no others.</summary>
    private async Task RenewAccountsAsync(DatabaseNodeSettings node, CancellationToken cancellationToken)
    {
        // What serves knows its databases: the sources here may be of another release.
        var images = ImageCatalog.Of(ServiceRole.Webhead, await observation.Images.GetAsync(cancellationToken));
        if (Releases.Serving(images, await fleet.WebheadsAsync(cancellationToken)) is { } webhead)
            await initialization.RestoreAsync(node, webhead.ImageId, webhead.TagOf(ImageCatalog.VerifiedTag)!, cancellationToken);
        else
            progress.Notice($"there is no image of webheads: the accounts of {names.Database(node)} are those of then, until the next Deploy");
    }

    private async Task<string> AddressOfAsync(string id, CancellationToken cancellationToken) =>
        (await observation.Instances.GetAsync(cancellationToken)).First(instance => instance.InstanceId == id).PrivateIpAddress;

    private async Task DeleteAsync(string volumeId, CancellationToken cancellationToken)
    {
        if (await waits.DeleteAsync($"volume {volumeId}", token => clients.Ec2.DeleteVolumeAsync(new DeleteVolumeRequest { VolumeId = volumeId }, token), cancellationToken))
            progress.Changed($"volume {volumeId} of a restore that was not finished is deleted");
        observation.Volumes.Forget();
    }
}
