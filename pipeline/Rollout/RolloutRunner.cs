using Amazon.Runtime;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>
/// Carries a rollout out, whatever it is for: batch by batch, behind the load balancer, each step journaled before it is made; what fails is
/// undone. The old webheads are kept, out of the load balancer, until the smoke test has passed.
/// </summary>
public sealed class RolloutRunner(
    EnvironmentSettings settings, Observation observation, ConfigStore configuration, InstanceLauncher launcher, Fleet fleet, HeartbeatGate gate,
    FleetWaits waits, RolloutUndo undo, DeploymentJournal journal, IProgress progress)
{
    /// <summary>What a target is rolled out to.</summary>
    public async Task<RolloutGoal> GoalAsync(FleetTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var network = await observation.Network.GetAsync(cancellationToken);
        return new RolloutGoal(target.LaunchSpec, settings.Webheads.Count, settings.MinHealthy, settings.Rollout.BatchSize, [.. network.Subnets.Select(subnet => subnet.Zone)])
        {
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
        var document = await configuration.CurrentAsync(cancellationToken)
            ?? throw new PipelineException(ErrorCode.ConfigurationConflict, "There is no configuration for the webheads.", hint: "./build.sh --target=Publish-Config");
        await RepeatUnansweredLaunchAsync(cancellationToken);
        var webheads = await fleet.WebheadsAsync(cancellationToken);
        var steps = plan(webheads);
        if (steps.IsEmpty) return false;

        await journal.RolloutAsync(target, webheads, cancellationToken);
        await RemoveDeadAsync(steps.Dead, cancellationToken);
        var run = RunOf(target, webheads);
        try
        {
            for (var index = 0; index < steps.Batches.Count; index++)
                await RunBatchAsync(steps.Batches[index], $"batch {index + 1} of {steps.Batches.Count}", target, document.Version, run, cancellationToken);
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
        var served = journal.Current!.Served;
        var run = new RolloutRun(target.Release, served);
        run.Left.AddRange(webheads.Where(webhead => webhead.IsRunning && !webhead.Verdict.IsServing && journal.Current.Left.Contains(webhead.Id)).Select(webhead => webhead.Id));
        if (journal.Current.Runs > 1)
            run.Joining.AddRange(webheads.Where(webhead => webhead.IsRunning && webhead.LaunchSpec == target.LaunchSpec && !served.Contains(webhead.Id)).Select(webhead => webhead.Id));
        return run;
    }

    private async Task RunBatchAsync(Batch batch, string name, FleetTarget target, int configurationVersion, RolloutRun run, CancellationToken cancellationToken)
    {
        if (batch.Joining > 0)
        {
            List<string> joining = [.. batch.Adopt];
            run.Joining.AddRange(batch.Adopt.Except(run.Joining));
            if (batch.Launch.Count > 0) joining.AddRange(await LaunchAsync(batch, name, target, run, cancellationToken));
            await launcher.WaitRunningAsync(joining, cancellationToken);
            await gate.PassAsync(joining, target.Release, configurationVersion, cancellationToken);
            await journal.StepAsync($"{name}: registering", cancellationToken);
            await fleet.RegisterAsync(joining, cancellationToken);
            await waits.ServingAsync(joining, cancellationToken);
            await waits.SoakAsync(joining, TimeSpan.FromSeconds(batch.IsCanary ? settings.Rollout.CanarySoakSeconds : settings.Rollout.BakeSeconds), cancellationToken);
            progress.Changed($"{name}: {string.Join(", ", joining)} in service{(batch.IsCanary ? ", the canary" : "")}");
        }

        if (batch.Retire.Count == 0) return;
        await waits.RequireMinHealthyAsync(batch.Retire, settings.MinHealthy, cancellationToken);
        await journal.LeavingAsync($"{name}: deregistering", batch.Retire, cancellationToken);
        run.Left.AddRange(batch.Retire);
        await fleet.DeregisterAsync(batch.Retire, cancellationToken);
        await waits.DrainedAsync(batch.Retire, cancellationToken);
        progress.Changed($"{name}: {string.Join(", ", batch.Retire)} drained, kept until the smoke test has passed");
    }

    private async Task<IReadOnlyList<string>> LaunchAsync(Batch batch, string name, FleetTarget target, RolloutRun run, CancellationToken cancellationToken)
    {
        var network = await observation.Network.GetAsync(cancellationToken);
        var counts = batch.Launch.ToDictionary(pair => network.Subnets.First(subnet => subnet.Zone == pair.Key), pair => pair.Value);
        var before = run.Joining.Count;
        var request = await journal.LaunchingAsync($"{name}: launching", target.Launch, counts, cancellationToken);
        try
        {
            await launcher.LaunchAsync(request, counts, run.Joining, cancellationToken);
        }
        catch (AmazonServiceException refusal) when (refusal.ErrorCode is { Length: > 0 })
        {
            // AWS said no: there is nothing to repeat.
            await journal.LaunchedAsync(cancellationToken);
            throw;
        }

        await journal.LaunchedAsync(cancellationToken);
        progress.Changed($"{name}: {string.Join(", ", run.Joining[before..])} launched");
        return run.Joining[before..];
    }

    // Word for word, with its client tokens: AWS answers with the instances of the first time, even if it does not list them yet.
    private async Task RepeatUnansweredLaunchAsync(CancellationToken cancellationToken)
    {
        if (journal.Unanswered is not { } launch) return;
        var found = new List<string>();
        try
        {
            await launcher.LaunchAsync(launch.Request, launch.Zones.ToDictionary(zone => new ZoneSubnet(zone.Zone, zone.SubnetId), zone => zone.Count), found, cancellationToken);
            progress.Found($"a launch of the run before is answered: {string.Join(", ", found)}");
        }
        catch (AmazonServiceException refusal) when (refusal.ErrorCode is { Length: > 0 })
        {
            progress.Notice($"a launch of the run before can't be repeated ({refusal.ErrorCode}): what it made is known by its tags");
        }

        await journal.LaunchedAsync(cancellationToken);
    }

    private async Task RemoveDeadAsync(IReadOnlyList<string> dead, CancellationToken cancellationToken)
    {
        if (dead.Count == 0) return;
        await fleet.DeregisterAsync(dead, cancellationToken);
        await launcher.TerminateAsync(dead, cancellationToken);
        progress.Changed($"{string.Join(", ", dead)} removed: they did not run");
    }
}
