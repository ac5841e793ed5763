using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Monitoring;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>
/// Carries a rollout out, whatever it is for: batch by batch, behind the load balancer, each step journaled before it is made; what fails is
/// undone. The old webheads are kept, out of the load balancer, until the smoke test has passed, unless the settings say otherwise.
/// </summary>
public sealed class RolloutRunner(
    EnvironmentSettings settings, Observation observation, FleetSpec spec, FleetLaunch launch, InstanceLauncher launcher, Fleet fleet, Admission admission,
    FleetWaits waits, AlarmWatch alarms, RolloutUndo undo, DeploymentJournal journal, IProgress progress)
{
    /// <summary>What a target is rolled out to.</summary>
    public async Task<RolloutGoal> GoalAsync(FleetTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var network = await observation.Network.GetAsync(cancellationToken);
        return new RolloutGoal(target.LaunchSpec, settings.Webheads.Count, settings.MinHealthy, settings.Rollout.BatchSize, [.. network.Subnets.Select(subnet => subnet.Zone)])
        {
            Surge = settings.Surge,
            Canary = settings.Rollout.Strategy == "canary",
        };
    }

    /// <summary>Rolls the fleet.</summary>
    /// <param name="target">What new webheads are launched from.</param>
    /// <param name="plan">Plans the way from the fleet as it is.</param>
    /// <param name="cancellationToken">Interrupts it; what was taken out goes back in.</param>
    /// <returns>Whether anything was to do.</returns>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RolledBack"/> if a batch failed and the old ones serve again; <see cref="ErrorCode.Stuck"/> if that failed too.</exception>
    public async Task<bool> RunAsync(FleetTarget target, Func<IReadOnlyList<Webhead>, RolloutPlan> plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(plan);
        target = target with { Launch = Fleet.Knowing(target.Launch, await admission.ConfigurationAsync(cancellationToken)) };
        await launch.SettleAsync(cancellationToken);
        var webheads = await fleet.WebheadsAsync(cancellationToken);
        var steps = plan(webheads);
        if (steps.IsEmpty) return false;

        await journal.RolloutAsync(target, webheads, await spec.ServingAsync(webheads, cancellationToken), cancellationToken);

        // What heals, or goes back, does so because something rings, or is about to.
        if (journal.Current is { Kind: DeploymentKind.Deploy } now) await alarms.BeginAsync(now.Runs > 1 ? now.StartedAt : null, cancellationToken);
        await RemoveDeadAsync(steps.Dead, cancellationToken);
        var run = RunOf(target, webheads);
        try
        {
            for (var index = 0; index < steps.Batches.Count; index++)
                await RunBatchAsync(
                    steps.Batches[index], $"batch {index + 1} of {steps.Batches.Count}", target, run, hasOthers: index > 0 || webheads.Count > steps.Batches[index].Adopt.Count, cancellationToken);
        }
        catch (Exception failure)
        {
            throw await undo.UnwindAsync(run, failure, cancellationToken);
        }

        return true;
    }

    // Of a rollout that an earlier run began, undoing means what served before that: what it took out comes back, what it launched goes.
    private RolloutRun RunOf(FleetTarget target, IReadOnlyList<Webhead> webheads)
    {
        var begun = journal.Current!.RolloutOf(target.Launch.Role);
        var served = begun.Served;
        var run = new RolloutRun(target.Release, served) { Previous = begun.Previous };
        run.Left.AddRange(webheads.Where(webhead => webhead.IsRunning && !webhead.Verdict.IsServing && begun.Left.Contains(webhead.Id)).Select(webhead => webhead.Id));
        if (journal.Current.Runs > 1)
            run.Joining.AddRange(webheads.Where(webhead => webhead.IsRunning && webhead.LaunchSpec == target.LaunchSpec && !served.Contains(webhead.Id)).Select(webhead => webhead.Id));
        return run;
    }

    private async Task RunBatchAsync(Batch batch, string name, FleetTarget target, RolloutRun run, bool hasOthers, CancellationToken cancellationToken)
    {
        List<string> joining = [.. batch.Adopt];
        if (batch.Joining > 0)
        {
            run.Joining.AddRange(batch.Adopt.Except(run.Joining));
            if (batch.Launch.Count > 0) joining.AddRange(await launch.LaunchAsync(name, target.Launch, batch.Launch, run.Joining, cancellationToken));
            await admission.PassAsync(joining, target.Release, withOthers: hasOthers, cancellationToken);
        }

        await LeaveAsync(batch.RetireFirst, name, run, cancellationToken);
        if (batch.Joining > 0)
        {
            await journal.StepAsync($"{name}: registering", cancellationToken);
            await admission.JoinAsync(joining, cancellationToken);
            await admission.SoakAsync(
                joining, target.Release, TimeSpan.FromSeconds(batch.IsCanary ? settings.Rollout.CanarySoakSeconds : settings.Rollout.BakeSeconds), cancellationToken);
            progress.Changed($"{name}: {string.Join(", ", joining)} in service{(batch.IsCanary ? ", the canary" : "")}");
        }

        await LeaveAsync(batch.Retire, name, run, cancellationToken);
    }

    private async Task LeaveAsync(IReadOnlyList<string> leaving, string name, RolloutRun run, CancellationToken cancellationToken)
    {
        if (leaving.Count == 0) return;
        await waits.MinHealthyAsync(leaving, settings.MinHealthy, cancellationToken);
        await journal.LeavingAsync(fleet.Role.Tag, $"{name}: deregistering", leaving, cancellationToken);
        run.Left.AddRange(leaving);
        await fleet.DeregisterAsync(leaving, cancellationToken);
        await waits.DrainedAsync(leaving, cancellationToken);
        if (settings.Rollout.KeepOldUntilEnd)
        {
            progress.Changed($"{name}: {string.Join(", ", leaving)} drained, kept until the smoke test has passed");
            return;
        }

        await launcher.TerminateAsync(leaving, cancellationToken);
        run.Left.RemoveAll(leaving.Contains);
        progress.Changed($"{name}: {string.Join(", ", leaving)} drained and terminated");
    }

    // The load balancer may not have seen it yet: until it has, they count as serving.
    private async Task RemoveDeadAsync(IReadOnlyList<string> dead, CancellationToken cancellationToken)
    {
        if (dead.Count == 0) return;
        await waits.MinHealthyAsync(dead, settings.MinHealthy, cancellationToken);
        await fleet.DeregisterAsync(dead, cancellationToken);
        await launcher.TerminateAsync(dead, cancellationToken);
        progress.Changed($"{string.Join(", ", dead)} removed: they did not run");
    }
}
