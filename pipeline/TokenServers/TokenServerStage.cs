using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.TokenServers;

/// <summary>
/// Deploy-Token-Server: the cluster's own token server, where the settings have one: load balancer, database, configuration, fleet, name, nodes, smoke test. It comes
/// after the webheads: a node may be given to users only once it serves them.
/// </summary>
public sealed class TokenServerStage(
    EnvironmentSettings settings, TokenServerParts parts, TokenServerFleet fleet, TokenServerDatabase database, TokenServerConfiguration configuration, TokenServerNodes nodes,
    TokenServerSmokeTest smokeTest, IProgress progress) : IPlannedStage
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        if (settings.TokenServer is null) return [];
        return
        [
            .. await parts.LoadBalancer.PlanAsync(cancellationToken), .. await database.PlanAsync(cancellationToken), .. await configuration.PlanAsync(cancellationToken),
            .. await parts.Dns.PlanAsync(cancellationToken),
        ];
    }

    /// <summary>Brings the token server to what settings and sources say; its image has been baked.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RolledBack"/> if a batch or the smoke test failed and the old ones serve again; or what kept it from coming that far.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (settings.TokenServer is null)
        {
            progress.Found("the settings have no token server (tokenServer): ./build.sh --target=Export-Nodes makes what one elsewhere needs");
            return;
        }

        smokeTest.RequireReady();
        await parts.LoadBalancer.RunAsync(cancellationToken);
        await database.EnsureAsync(cancellationToken);
        await configuration.PublishAsync(anew: false, cancellationToken);
        await parts.Rollout.RunAsync(cancellationToken);
        if (settings.Dns is not null) await parts.Dns.RunAsync(cancellationToken);
        await nodes.EnsureAsync(cancellationToken);
        await fleet.TestAsync(cancellationToken);
        await parts.Retention.SweepAsync(cancellationToken);
    }
}

/// <summary>What would become of the token server's release: its image, its fleet, its old images.</summary>
public sealed class TokenServerReleasePlan(EnvironmentSettings settings, TokenServerParts parts) : IPlannedStage
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        if (settings.TokenServer is null) return [];
        return [.. await parts.Bake.PlanAsync(cancellationToken), .. await parts.Rollout.PlanAsync(cancellationToken), .. await parts.Retention.PlanAsync(cancellationToken)];
    }
}
