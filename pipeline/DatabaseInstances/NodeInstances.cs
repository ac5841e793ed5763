using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.DatabaseInstances;

/// <summary>Makes volumes of dbnodes, and instances that serve from them.</summary>
public sealed class NodeInstances(
    IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, ClusterBucket bucket, AwsConnection connection, InstanceLauncher launcher,
    RemoteCommands remote, RunOptions options, Waiter waiter, TimeProvider time, IProgress progress)
{
    /// <summary>Makes a data volume, empty or with what a snapshot holds.</summary>
    /// <param name="node">Whose.</param>
    /// <param name="zone">Where.</param>
    /// <param name="snapshotId">Of which snapshot; null for an empty one.</param>
    /// <param name="role">What it is to be.</param>
    /// <param name="more">More tags.</param>
    /// <param name="cancellationToken">Leaves it open whether it is made.</param>
    public async Task<Volume> CreateVolumeAsync(
        DatabaseNodeSettings node, string zone, string? snapshotId, string role, IReadOnlyDictionary<string, string> more, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        var tags = NodeTags.Of(names, node.Name, role).With(NodeTags.Generation, time.GetUtcNow().ToString("yyyyMMddHHmmssfff", System.Globalization.CultureInfo.InvariantCulture));
        foreach (var (key, value) in more) tags = tags.With(key, value);
        var answer = await clients.Ec2.CreateVolumeAsync(
            new CreateVolumeRequest
            {
                ClientToken = $"{options.DeploymentId}-{role}-{node.Name}",
                AvailabilityZone = zone,
                Size = node.StorageGiB,
                SnapshotId = snapshotId,
                VolumeType = VolumeType.Gp3,
                Encrypted = true,
                TagSpecifications = [new TagSpecification { ResourceType = ResourceType.Volume, Tags = tags.ToEc2() }],
            },
            cancellationToken);
        observation.Volumes.Forget();
        progress.Changed($"volume {answer.Volume.VolumeId} for {names.Database(node)}: {node.StorageGiB} GiB in {zone}, encrypted{(snapshotId is null ? "" : $", of the snapshot {snapshotId}")}");
        return answer.Volume;
    }

    /// <summary>Launches an instance where a volume is, attaches the volume, and waits until it serves.</summary>
    /// <param name="node">Whose.</param>
    /// <param name="volume">The volume; nobody else has it.</param>
    /// <param name="imageId">From which image.</param>
    /// <param name="role">What the instance is to be.</param>
    /// <param name="restore">What it does before it serves; null for nothing.</param>
    /// <param name="launched">Hears of the instance at once, so that it can be removed whatever comes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task LaunchAsync(
        DatabaseNodeSettings node, Volume volume, string imageId, string role, NodeRestore? restore, Action<string> launched, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentNullException.ThrowIfNull(launched);
        await WaitAvailableAsync(volume.VolumeId, cancellationToken);
        var instance = await LaunchInZoneAsync(node, volume, imageId, role, restore, cancellationToken);
        launched(instance);
        progress.Changed($"instance {instance} launched for {names.Database(node)}");
        await launcher.WaitRunningAsync([instance], cancellationToken);
        await AttachAsync(volume.VolumeId, instance, cancellationToken);
    }

    /// <summary>Attaches a volume to an instance that runs.</summary>
    public async Task AttachAsync(string volumeId, string instance, CancellationToken cancellationToken)
    {
        await clients.Ec2.AttachVolumeAsync(new AttachVolumeRequest { VolumeId = volumeId, InstanceId = instance, Device = ObservedNode.Device }, cancellationToken);
        observation.Volumes.Forget();
        observation.Instances.Forget();
    }

    /// <summary>Waits until a dbnode serves, by its own word.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.TerminalState"/> or <see cref="ErrorCode.TimedOut"/>, with what it said last.</exception>
    public async Task<NodeReport> WaitReadyAsync(string name, string instance, CancellationToken cancellationToken)
    {
        await remote.WaitOnlineAsync([instance], cancellationToken);
        return await waiter.UntilAsync($"database {name} to serve from {instance}", settings.Waits.Pace(settings.Waits.DataStoreSeconds), async token =>
        {
            var result = (await remote.RunAsync([instance], DatabaseNodeAdmin.Status, token))[0];
            if (NodeReport.Of(result) is not { } report) return Poll.NotYet<NodeReport>(result.Reason);
            return report.State switch
            {
                "ready" => Poll.Done(report),
                "failed" => Poll.Failed<NodeReport>($"{report.Code}: {report.Reason}"),
                _ => Poll.NotYet<NodeReport>(report.Progress is { } progress ? $"{report.State}, {progress}" : report.State),
            };
        }, cancellationToken);
    }

    /// <summary>Ends instances and waits until they are gone, and the volumes that they had are nobody's.</summary>
    public async Task EndAsync(string name, IReadOnlyCollection<string> instances, CancellationToken cancellationToken)
    {
        if (instances.Count == 0) return;
        await launcher.TerminateAsync(instances, cancellationToken);
        progress.Changed($"{string.Join(", ", instances)} of {name} terminated");
        await waiter.UntilAsync($"{string.Join(", ", instances)} to be gone", settings.Waits.Pace(settings.Waits.InstanceSeconds), async token =>
        {
            var left = (await observation.Volumes.RefreshAsync(token)).Where(volume => (volume.Attachments ?? []).Exists(attachment => instances.Contains(attachment.InstanceId))).ToList();
            return left.Count == 0 ? Poll.Done(true) : Poll.NotYet<bool>($"{string.Join(", ", left.Select(volume => volume.VolumeId))} attached still");
        }, cancellationToken);
    }

    private async Task<string> LaunchInZoneAsync(DatabaseNodeSettings node, Volume volume, string imageId, string role, NodeRestore? restore, CancellationToken cancellationToken)
    {
        var zone = volume.AvailabilityZone;
        var subnet = (await observation.Network.GetAsync(cancellationToken)).Subnets.FirstOrDefault(subnet => subnet.Zone == zone)
            ?? throw new PipelineException(
                ErrorCode.UnfitNetwork, $"The volume {volume.VolumeId} of {names.Database(node)} is in {zone}, where the cluster has no subnet.",
                hint: "Add a subnet of that zone to network.subnetIds.");
        var request = new LaunchRequest(
            $"{role}-{node.Name}", role, imageId, node.InstanceType, await observation.GroupIdAsync(names.DatabaseGroup, cancellationToken), names.NodeRole(node.Name),
            DatabaseNodeUserData.Script(settings, node, bucket.Name, connection.Target, volume.VolumeId, restore),
            new Dictionary<string, string> { ["Name"] = names.Database(node), [NodeTags.Node] = node.Name, [NodeTags.Volume] = volume.VolumeId });
        var launched = new List<string>();
        var shortages = await launcher.LaunchAsync(request, new Dictionary<ZoneSubnet, int> { [subnet] = 1 }, launched, cancellationToken);
        return launched is [var id]
            ? id
            : throw new PipelineException(
                ErrorCode.DatabaseFailed, $"{zone} has no room for {node.InstanceType}, and the volume of {names.Database(node)} is there.", lastSeen: shortages[0].Refusal.Message,
                hint: "Run again, or choose another dbnodes[].instanceClass. Nothing is lost: the volume is as it was.", inner: shortages[0].Refusal);
    }

    private Task<bool> WaitAvailableAsync(string volumeId, CancellationToken cancellationToken) =>
        waiter.UntilAsync($"volume {volumeId} to be available", settings.Waits.Pace(settings.Waits.InstanceSeconds), async token =>
        {
            // Right after it was made AWS may not know the id yet.
            var answer = await AwsErrors.UnlessMissingAsync(async () => await clients.Ec2.DescribeVolumesAsync(new DescribeVolumesRequest { VolumeIds = [volumeId] }, token));
            var state = (answer?.Volumes ?? []).FirstOrDefault()?.State;
            if (state == VolumeState.Available) return Poll.Done(true);
            return state == VolumeState.Error ? Poll.Failed<bool>("error: AWS could not make it") : Poll.NotYet<bool>(state?.Value ?? "not known yet");
        }, cancellationToken);
}
