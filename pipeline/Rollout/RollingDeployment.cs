using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>Rolling-Deploy: replaces the webheads by the baked release, batch by batch, behind the load balancer.</summary>
public sealed class RollingDeployment(
    EnvironmentSettings settings, WebheadBuild bundles, FleetSpec spec, Fleet fleet, RolloutRunner runner, IProgress progress) : IPlannedStage
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        var webheads = await fleet.WebheadsAsync(cancellationToken);
        if (bundles.TryLoad() is not { } bundle || await spec.TryForAsync(bundle, cancellationToken) is not { } target)
            return [new PlannedChange(webheads.Count == 0 ? ChangeKind.Create : ChangeKind.Replace, "fleet", $"{settings.Webheads.Count} webheads of a release that has no image yet")];
        var plan = RolloutPlanner.Plan(webheads, await runner.GoalAsync(target, cancellationToken));
        return
        [
            .. plan.Batches.Select((batch, index) => new PlannedChange(
                batch.Retire.Count == 0 ? ChangeKind.Create : batch.Joining == 0 ? ChangeKind.Delete : ChangeKind.Replace,
                "fleet", $"batch {index + 1}: {batch.Joining} join with release {target.Release}, {batch.Retire.Count} leave")),
            .. plan.Dead.Select(id => new PlannedChange(ChangeKind.Delete, $"webhead {id}", "it does not run")),
        ];
    }

    /// <summary>Rolls the fleet. The old webheads are kept, out of the load balancer, until the smoke test has passed.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RolledBack"/> if a batch failed and the old ones serve again; <see cref="ErrorCode.Stuck"/> if that failed too.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var target = await spec.ForAsync(bundles.Load(), cancellationToken);
        var goal = await runner.GoalAsync(target, cancellationToken);
        if (!await runner.RunAsync(target, webheads => RolloutPlanner.Plan(webheads, goal), cancellationToken))
            progress.Found($"{goal.Desired} webheads serve release {target.Release}");
    }
}
