using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>Rolling-Deploy: replaces the webheads by the baked release, batch by batch, behind the load balancer.</summary>
public sealed class RollingDeployment(
    EnvironmentSettings settings, Observation observation, WebheadBuild bundles, FleetSpec spec, ConfigStore configuration,
    InstanceLauncher launcher, Fleet fleet, HeartbeatGate gate, FleetWaits waits, RolloutUndo undo, IProgress progress) : IPlannedStage
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        var webheads = await fleet.WebheadsAsync(cancellationToken);
        if (bundles.TryLoad() is not { } bundle || await spec.TryForAsync(bundle, cancellationToken) is not { } target)
            return [new PlannedChange(webheads.Count == 0 ? ChangeKind.Create : ChangeKind.Replace, "fleet", $"{settings.Webheads.Count} webheads of a release that has no image yet")];
        var plan = RolloutPlanner.Plan(webheads, await GoalAsync(target, cancellationToken));
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
        var document = await configuration.CurrentAsync(cancellationToken)
            ?? throw new PipelineException(ErrorCode.ConfigurationConflict, "There is no configuration for the webheads.", hint: "./build.sh --target=Publish-Config");
        var webheads = await fleet.WebheadsAsync(cancellationToken);
        var plan = RolloutPlanner.Plan(webheads, await GoalAsync(target, cancellationToken));
        await RemoveDeadAsync(plan.Dead, cancellationToken);
        if (plan.Batches.Count == 0)
        {
            progress.Found($"{plan.Keep.Count} webheads serve release {target.Release}");
            return;
        }

        // Webheads that are out of the load balancer already, kept by a run that ended early, are no one's to put back by this one.
        var run = new RolloutRun(target.Release, [.. webheads.Where(webhead => webhead.Verdict.IsServing).Select(webhead => webhead.Id)]);
        try
        {
            for (var index = 0; index < plan.Batches.Count; index++)
                await RunBatchAsync(plan.Batches[index], $"batch {index + 1} of {plan.Batches.Count}", target, document.Version, run, cancellationToken);
        }
        catch (Exception failure)
        {
            throw await undo.UnwindAsync(run, failure, cancellationToken);
        }
    }

    private async Task RunBatchAsync(Batch batch, string name, FleetTarget target, int configurationVersion, RolloutRun run, CancellationToken cancellationToken)
    {
        if (batch.Joining > 0)
        {
            var before = run.Joining.Count;
            run.Joining.AddRange(batch.Adopt);
            if (batch.Launch.Count > 0) await LaunchAsync(batch, name, target, run, cancellationToken);
            var joining = run.Joining[before..];
            await launcher.WaitRunningAsync(joining, cancellationToken);
            await gate.PassAsync(joining, target.Release, configurationVersion, cancellationToken);
            await fleet.RegisterAsync(joining, cancellationToken);
            await waits.ServingAsync(joining, cancellationToken);
            await waits.SoakAsync(joining, cancellationToken);
            progress.Changed($"{name}: {string.Join(", ", joining)} in service");
        }

        if (batch.Retire.Count == 0) return;
        await waits.RequireMinHealthyAsync(batch.Retire, settings.MinHealthy, cancellationToken);
        run.Left.AddRange(batch.Retire);
        await fleet.DeregisterAsync(batch.Retire, cancellationToken);
        await waits.DrainedAsync(batch.Retire, cancellationToken);
        progress.Changed($"{name}: {string.Join(", ", batch.Retire)} drained, kept until the smoke test has passed");
    }

    private async Task LaunchAsync(Batch batch, string name, FleetTarget target, RolloutRun run, CancellationToken cancellationToken)
    {
        var network = await observation.Network.GetAsync(cancellationToken);
        var counts = batch.Launch.ToDictionary(pair => network.Subnets.First(subnet => subnet.Zone == pair.Key), pair => pair.Value);
        var before = run.Joining.Count;
        await launcher.LaunchAsync(target.Launch with { Step = name.Replace(' ', '-') }, counts, run.Joining, cancellationToken);
        progress.Changed($"{name}: {string.Join(", ", run.Joining[before..])} launched");
    }

    private async Task<RolloutGoal> GoalAsync(FleetTarget target, CancellationToken cancellationToken)
    {
        var network = await observation.Network.GetAsync(cancellationToken);
        return new RolloutGoal(target.LaunchSpec, settings.Webheads.Count, settings.MinHealthy, settings.Rollout.BatchSize, [.. network.Subnets.Select(subnet => subnet.Zone)]);
    }

    private async Task RemoveDeadAsync(IReadOnlyList<string> dead, CancellationToken cancellationToken)
    {
        if (dead.Count == 0) return;
        await fleet.DeregisterAsync(dead, cancellationToken);
        await launcher.TerminateAsync(dead, cancellationToken);
        progress.Changed($"{string.Join(", ", dead)} removed: they did not run");
    }
}
