using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.DatabaseInstances;

/// <summary>
/// The dbnodes on EC2, as part of Ensure-DB: each has a volume, and an instance that serves from it. An instance that is gone is replaced, and the volume
/// goes over; where nothing differs, nothing is changed.
/// </summary>
public sealed class DatabaseInstanceStage(
    EnvironmentSettings settings, ClusterNames names, Observation observation, SecretStore secrets, DatabaseImage image, NodeInstances instances, RestoredNode restored, RemoteCommands remote,
    RunOptions options, IProgress progress)
{
    private bool Approved => options.Approve == names.Cluster;

    /// <summary>The differences; reads only, and nothing if the settings have no such dbnode.</summary>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        var changes = new List<PlannedChange>();
        foreach (var node in settings.InstanceNodes)
            changes.AddRange((await ObserveAsync(node, cancellationToken)).Compare(names.Database(node), node, await image.FindIdAsync(cancellationToken), names.Cluster));
        return changes;
    }

    /// <summary>Brings them to what the settings say, and waits until they serve.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DatabaseFailed"/>, with what the dbnode said last; <see cref="ErrorCode.StorageFull"/>.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pending = new List<(DatabaseNodeSettings Node, string Instance)>();
        foreach (var node in settings.InstanceNodes) pending.Add((node, await ConvergeAsync(node, cancellationToken)));
        if (pending.Count == 0) return;

        var reports = await ReportsAsync([.. pending.Select(one => one.Instance)], cancellationToken);
        foreach (var (node, instance) in pending)
        {
            var name = names.Database(node);
            var report = reports.GetValueOrDefault(instance) is { State: "ready" } ready ? ready : await WaitAsync(name, instance, cancellationToken);
            if (report.IsWaiting) await restored.BeginAsync(name, instance, cancellationToken);
            foreach (var error in report.BackupErrors) progress.Notice($"database {name}: a backup could not be made: {error}");
            if (report.IsFull) throw FullOf(node, report);
            progress.Found($"database {name} serves from {instance}");
        }
    }

    /// <summary>What a node is now.</summary>
    public async Task<ObservedNode> ObserveAsync(DatabaseNodeSettings node, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(node);
        return ObservedNode.Of(node.Name, await observation.Volumes.GetAsync(cancellationToken), await observation.Instances.GetAsync(cancellationToken));
    }

    private PipelineException FullOf(DatabaseNodeSettings node, NodeReport report) => new(
        ErrorCode.StorageFull, $"The volume of {names.Database(node)} is full: what its users have can be read, and little or nothing more be written. The other dbnodes serve on.",
        lastSeen: $"{report.FreeBytes} of {report.TotalBytes} bytes are free",
        hint: $"Enlarge it, which interrupts nothing: docs/operations.md, \"Dbnodes on EC2\"; then set storageGiB of {node.Name}, and run ./build.sh --target=Deploy. ./build.sh --target=Plan-Capacity says in time when one is due.");

    private async Task<string> ConvergeAsync(DatabaseNodeSettings node, CancellationToken cancellationToken)
    {
        var (name, seen) = (names.Database(node), await ObserveAsync(node, cancellationToken));
        var wanted = await image.RequireAsync(cancellationToken);
        var replacing = seen.Replacing(node, wanted).ToList();
        if (replacing.Count > 0 && !Approved)
            progress.Notice($"database {name}: {string.Join("; ", replacing)}: another instance would interrupt it, and wants --approve={names.Cluster}");

        // An instance of its own does not get the volume before no other one can write to it.
        List<string> leaving = [.. seen.Others.Select(other => other.InstanceId), .. replacing.Count > 0 && Approved ? new[] { seen.Instance!.InstanceId } : []];
        await instances.EndAsync(name, leaving, cancellationToken);
        if (seen.Instance is { } serving && !leaving.Contains(serving.InstanceId))
        {
            if (!seen.IsAttached) await instances.AttachAsync(seen.Volume!.VolumeId, serving.InstanceId, cancellationToken);
            return serving.InstanceId;
        }

        // It reads its master password before it is asked for anything.
        await secrets.MasterPasswordAsync(node.Name, cancellationToken);
        var volume = seen.Volume ?? await instances.CreateVolumeAsync(
            node, await ZoneAsync(node, cancellationToken), snapshotId: null, NodeTags.Role, new Dictionary<string, string>(), cancellationToken);
        if (seen.Volume is not null) progress.Notice($"database {name} has no instance: another one takes the volume {volume.VolumeId} over");
        string? launched = null;
        await instances.LaunchAsync(node, volume, wanted, NodeTags.Role, restore: null, instance => launched = instance, cancellationToken);
        return launched!;
    }

    // Nodes are spread over the zones, in the order of the settings.
    private async Task<string> ZoneAsync(DatabaseNodeSettings node, CancellationToken cancellationToken)
    {
        var subnets = (await observation.Network.GetAsync(cancellationToken)).Subnets;
        return subnets[settings.Dbnodes.ToList().IndexOf(node) % subnets.Count].Zone;
    }

    private async Task<Dictionary<string, NodeReport>> ReportsAsync(string[] running, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, NodeReport>();
        foreach (var result in await remote.RunReachableAsync(running, DatabaseNodeAdmin.Status, cancellationToken))
            if (NodeReport.Of(result) is { } report) found[result.InstanceId] = report;
        return found;
    }

    private async Task<NodeReport> WaitAsync(string name, string instance, CancellationToken cancellationToken)
    {
        try
        {
            return await instances.WaitReadyAsync(name, instance, cancellationToken);
        }
        catch (PipelineException exception) when (exception.Code is ErrorCode.TimedOut or ErrorCode.TerminalState)
        {
            throw new PipelineException(
                ErrorCode.DatabaseFailed, $"The database {name} does not serve from {instance}.", lastSeen: exception.LastSeen,
                hint: $"Its volume is as it was. Look at the console of {instance}; where it is the machine, terminate it and run again: another one takes the volume over.", inner: exception);
        }
    }
}
