using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>Rolling-Deploy: replaces the webheads by the baked release, batch by batch, behind the load balancer.</summary>
public sealed class RollingDeployment(
    EnvironmentSettings settings, ServiceBuild bundles, FleetSpec spec, Fleet fleet, CompatibilityCheck compatibility, RolloutRunner runner, IProgress progress) : IPlannedStage
{
    private string Resource => fleet.Role == ServiceRole.Webhead ? "fleet" : fleet.Role.Plural;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        var webheads = await fleet.WebheadsAsync(cancellationToken);
        if (bundles.TryLoad() is not { } bundle)
            return [new PlannedChange(webheads.Count == 0 ? ChangeKind.Create : ChangeKind.Replace, Resource, $"{settings.Webheads.Count} {fleet.Role.Plural} of a release that is not built yet")];
        var target = await spec.ExpectedAsync(bundle, cancellationToken);
        return FleetChanges.Of(RolloutPlanner.Plan(webheads, await runner.GoalAsync(target, cancellationToken)), webheads, target.Release, Resource);
    }

    /// <summary>Rolls the fleet. The old webheads are kept, out of the load balancer, until the smoke test has passed.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RolledBack"/> if a batch failed and the old ones serve again; <see cref="ErrorCode.Stuck"/> if that failed too.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await compatibility.RequireAsync(cancellationToken);
        var target = await spec.ForAsync(bundles.Load(), cancellationToken);
        var goal = await runner.GoalAsync(target, cancellationToken);
        if (!await runner.RunAsync(target, webheads => RolloutPlanner.Plan(webheads, goal), cancellationToken))
            progress.Found($"{goal.Desired} {fleet.Role.Plural} serve release {target.Release}");
    }
}
