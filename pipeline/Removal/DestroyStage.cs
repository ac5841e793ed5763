using Spectre.Console;
using SyncStorage.Pipeline.Dns;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Monitoring;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Roles;

namespace SyncStorage.Pipeline.Removal;

/// <summary>
/// Destroy: removes the cluster, guarded by its name. Databases leave a final snapshot each. Running it again goes on where it ended.
/// </summary>
public sealed class DestroyStage(
    ClusterNames names, RunOptions options, DnsRemoval dns, FleetRemoval fleet, DataStoreRemoval dataStores, NetworkRemoval network, RoleRemoval roles,
    MonitoringRemoval monitoring, StateRemoval state,
    IAnsiConsole console, IProgress progress)
{
    /// <summary>Removes everything, in the order in which nothing is in use any more.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.ApprovalNeeded"/>: the name was not given or is another.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        RequireApproval();
        await dns.RunAsync(cancellationToken);
        await fleet.RunAsync(cancellationToken);
        await dataStores.RunAsync(cancellationToken);
        await network.RunAsync(cancellationToken);
        await roles.RunAsync(cancellationToken);
        await monitoring.RunAsync(cancellationToken);
        await state.RunAsync(cancellationToken);
        progress.Found($"nothing is left of {names.Cluster} but the final snapshots of its databases");
    }

    private void RequireApproval()
    {
        var typed = options.Approve;
        if (typed is null && console.Profile.Capabilities.Interactive)
            typed = console.Prompt(new TextPrompt<string>($"This removes the cluster [bold]{names.Cluster}[/] and all its webheads. Type its name to go on:").AllowEmpty());
        if (typed != names.Cluster)
            throw new PipelineException(
                ErrorCode.ApprovalNeeded, typed is null ? $"Destroying {names.Cluster} wants its name." : $"'{typed}' is not the name of this cluster.",
                hint: $"./build.sh --target=Destroy --approve={names.Cluster}");
    }
}
