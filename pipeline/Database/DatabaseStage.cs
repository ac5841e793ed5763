using SyncStorage.Pipeline.DatabaseInstances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Database;

/// <summary>Ensure-DB: the dbnodes are available, as the settings say, and have their databases.</summary>
public sealed class DatabaseStage(
    DatabaseNodes nodes, DatabaseInstanceStage instances, DatabaseInitialization initialization, DatabaseServers servers, ClusterNames names, IProgress progress) : IPlannedStage
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken) =>
    [
        .. await nodes.PlanAsync(cancellationToken),
        .. await instances.PlanAsync(cancellationToken),
        .. (await initialization.PendingAsync(cancellationToken)).Select(node =>
            new PlannedChange(ChangeKind.Create, $"database {names.Database(node)}", $"databases {string.Join(", ", node.Hosts.Select(host => host.Database))} and account {names.ApplicationUser}, by an admin instance")),
    ];

    /// <summary>Asks for what is missing, waits, and makes the databases.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!nodes.AreNew) await nodes.RequestAsync(cancellationToken);
        await instances.RunAsync(cancellationToken);
        await initialization.RunAsync(nodes.AreNew, () => AvailableAsync(cancellationToken), cancellationToken);
        foreach (var server in (await servers.GetAsync(cancellationToken)).Values)
            progress.Found($"database {server.Name} is {server.Status} at {server.Address}:{server.Port}");
    }

    private async Task AvailableAsync(CancellationToken cancellationToken)
    {
        await nodes.WaitAvailableAsync(cancellationToken);

        // What was asked for while a database was busy can only be put back now.
        if ((await nodes.PlanAsync(cancellationToken)).Count == 0) return;
        await nodes.RequestAsync(cancellationToken);
        await nodes.WaitAvailableAsync(cancellationToken);
    }
}
