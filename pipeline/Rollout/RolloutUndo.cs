using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>Undoes a rollout: the old back in first, then the new out; with a time budget of its own.</summary>
public sealed class RolloutUndo(
    EnvironmentSettings settings, ClusterNames names, Observation observation, Fleet fleet, FleetWaits waits, FleetLaunch launch, Admission admission,
    InstanceLauncher launcher, RunReport report, TimeProvider time, IProgress progress)
{
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan BudgetWhenInterrupted = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LookBudget = TimeSpan.FromMinutes(2);

    /// <summary>Undoes what was done and returns what to throw.</summary>
    /// <param name="run">What was done.</param>
    /// <param name="failure">Why.</param>
    /// <param name="cancellationToken">The run's: once it is cancelled, only what returns at once is done.</param>
    /// <returns>
    /// <see cref="ErrorCode.RolledBack"/> if the old serve again; <see cref="ErrorCode.Stuck"/> if undoing failed; the failure itself
    /// if nothing served before, or if the run was interrupted.
    /// </returns>
    public async Task<Exception> UnwindAsync(RolloutRun run, Exception failure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(failure);
        // Whose lock it is now decides what becomes of the fleet.
        if (Failures.Explain(failure).Code == ErrorCode.LockLost) return failure;
        if (cancellationToken.IsCancellationRequested) return await ReleaseAsync(run, failure);

        var explained = Failures.Explain(failure);
        progress.Notice($"rolling back: {explained.Message}");
        using var budget = new GracePeriod(Budget, TimeSpan.Zero, time, cancellationToken);
        var doing = "putting the old back";
        try
        {
            var missing = await RestoreAsync(run, budget.Token);
            doing = "launching the previous release again";
            await ReplaceAsync(run, missing, budget.Token);
            doing = "taking the new out";
            await RemoveNewAsync(run, budget.Token);
            report.Found(names.Role, [.. (await fleet.WebheadsAsync(budget.Token)).Select(webhead => new ReportWebhead(webhead.Id, webhead.Release, webhead.Verdict.IsServing, Heartbeat: null))]);
        }
        catch (Exception second) when (Failures.IsExpected(second) && cancellationToken.IsCancellationRequested)
        {
            return await ReleaseAsync(run, failure);
        }
        catch (Exception second) when (Failures.Explain(second).Code == ErrorCode.LockLost)
        {
            return second;
        }
        catch (Exception second) when (Failures.IsExpected(second))
        {
            return await StuckAsync(run, failure, second, doing, cancellationToken);
        }

        if (run.ServedBefore.Count == 0) return failure;
        return new PipelineException(
            ErrorCode.RolledBack, $"Release {run.Release} was rolled back, and the previous one serves: {explained.Message}",
            lastSeen: explained.LastSeen, hint: "Mend the cause and run Deploy again. ./build.sh --target=Status shows what serves.", inner: failure);
    }

    /// <summary>After Ctrl-C: only calls that return at once. The old go back in; the next run finishes or undoes the rest.</summary>
    private async Task<Exception> ReleaseAsync(RolloutRun run, Exception failure)
    {
        using var budget = new CancellationTokenSource(BudgetWhenInterrupted, time);
        try
        {
            if (run.ToRestore.Count > 0) await fleet.RegisterAsync(run.ToRestore, budget.Token);
            progress.Notice($"interrupted: put back {Names(run.ToRestore)}; of release {run.Release} still there: {Names(run.Joining)}; run Deploy again to finish");
        }
        catch (Exception second) when (Failures.IsExpected(second))
        {
            progress.Notice($"interrupted, and {string.Join(", ", run.ToRestore)} could not be put back: {second.Message}. ./build.sh --target=Status");
        }

        return failure is OperationCanceledException ? failure : Interrupted($"release {run.Release} had failed", failure);
    }

    /// <summary>That the run was interrupted when something had failed already.</summary>
    internal static PipelineException Interrupted(string after, Exception failure) => new(
        ErrorCode.Interrupted, $"Interrupted, after {after}: {Failures.Explain(failure).Message}",
        lastSeen: Failures.Explain(failure).LastSeen, hint: "Run Deploy again: it finishes or undoes the rest.", inner: failure);

    /// <returns>Who served before and can't come back: they do not run any more.</returns>
    private async Task<IReadOnlyList<string>> RestoreAsync(RolloutRun run, CancellationToken cancellationToken)
    {
        // One that has ended meanwhile would fail the whole call.
        observation.Instances.Forget();
        var running = (await fleet.WebheadsAsync(cancellationToken)).Where(webhead => webhead.IsRunning).Select(webhead => webhead.Id).ToHashSet();
        var missing = run.ServedBefore.Where(id => !running.Contains(id)).ToList();
        var restore = run.ToRestore.Where(running.Contains).ToList();
        if (restore.Count == 0) return missing;

        // One that still drains can't be registered: it has to be out first.
        await waits.DrainedAsync(restore, cancellationToken);
        await fleet.RegisterAsync(restore, cancellationToken);
        await waits.ServingAsync(restore, cancellationToken);
        progress.Changed($"{string.Join(", ", restore)} back in service");
        return missing;
    }

    /// <summary>The previous image, through the same gates; but what serves now is what failed, and has no part in them.</summary>
    private async Task ReplaceAsync(RolloutRun run, IReadOnlyList<string> missing, CancellationToken cancellationToken)
    {
        if (missing.Count == 0 || run.Previous is not { } previous) return;
        var release = previous.Tags["Release"];
        progress.Notice($"{string.Join(", ", missing)} are gone: release {release} is launched again in their place");
        var webheads = await fleet.WebheadsAsync(cancellationToken);
        var zones = (await observation.Network.GetAsync(cancellationToken)).Subnets.ToDictionary(
            subnet => subnet.Zone, subnet => webheads.Count(webhead => webhead.Zone == subnet.Zone && run.ServedBefore.Contains(webhead.Id)));
        var launched = await launch.LaunchAsync("rolling back", previous, RolloutPlanner.Spread(missing.Count, zones), run.Replacements, cancellationToken);
        await admission.PassAsync(launched, release, withOthers: false, cancellationToken);
        await admission.JoinAsync(launched, cancellationToken);
        progress.Changed($"{string.Join(", ", launched)} of release {release} in service");
    }

    private async Task RemoveNewAsync(RolloutRun run, CancellationToken cancellationToken)
    {
        if (run.Joining.Count == 0) return;

        // The new may be all that serves, if the old could not come back.
        await waits.MinHealthyAsync(run.Joining, Math.Min(settings.MinHealthy, run.ServedBefore.Count), cancellationToken);
        await fleet.DeregisterAsync(run.Joining, cancellationToken);
        await waits.DrainedAsync(run.Joining, cancellationToken);
        await launcher.TerminateAsync(run.Joining, cancellationToken);
        progress.Changed($"{string.Join(", ", run.Joining)} of release {run.Release} terminated");
    }

    private async Task<PipelineException> StuckAsync(RolloutRun run, Exception failure, Exception second, string doing, CancellationToken cancellationToken)
    {
        IReadOnlyList<Webhead>? webheads = null;
        try
        {
            using var budget = new GracePeriod(LookBudget, TimeSpan.Zero, time, cancellationToken);
            observation.Instances.Forget();
            webheads = await fleet.WebheadsAsync(budget.Token);
        }
        catch (Exception third) when (Failures.IsExpected(third))
        {
            progress.Notice($"what is where can't be read: {third.Message}");
        }

        return new StuckAccount(names, run, Math.Min(settings.MinHealthy, run.ServedBefore.Count), webheads).Of(failure, second, doing);
    }

    private static string Names(IReadOnlyCollection<string> ids) => ids.Count == 0 ? "none" : string.Join(", ", ids);
}
