using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>What a rollout has done so far, and so what undoing it means.</summary>
/// <param name="release">The release that was rolled out.</param>
/// <param name="servedBefore">The webheads that served when it began.</param>
public sealed class RolloutRun(string release, IReadOnlyList<string> servedBefore)
{
    /// <summary>The release that was rolled out.</summary>
    public string Release => release;

    /// <summary>The webheads that served when it began.</summary>
    public IReadOnlyList<string> ServedBefore => servedBefore;

    /// <summary>Webheads that were launched or adopted.</summary>
    public List<string> Joining { get; } = [];

    /// <summary>Webheads that were taken out of the load balancer, and still run.</summary>
    public List<string> Left { get; } = [];

    /// <summary>Those of <see cref="Left"/> that served before: they go back in.</summary>
    public IReadOnlyList<string> ToRestore => [.. Left.Where(servedBefore.Contains)];
}

/// <summary>Undoes a rollout: the old back in first, then the new out; with a time budget of its own.</summary>
public sealed class RolloutUndo(
    EnvironmentSettings settings, Observation observation, Fleet fleet, FleetWaits waits, InstanceLauncher launcher, RunReport report, TimeProvider time,
    IProgress progress)
{
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan BudgetWhenInterrupted = TimeSpan.FromSeconds(4);

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
        try
        {
            await RestoreAsync(run, budget.Token);
            await RemoveNewAsync(run, budget.Token);
            report.Webheads = [.. (await fleet.WebheadsAsync(budget.Token)).Select(webhead => new ReportWebhead(webhead.Id, webhead.Release, webhead.Verdict.IsServing, Heartbeat: null))];
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
            return Stuck(run, failure, second);
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

        return failure is OperationCanceledException
            ? failure
            : new PipelineException(
                ErrorCode.Interrupted, $"Interrupted, after release {run.Release} had failed: {Failures.Explain(failure).Message}",
                lastSeen: Failures.Explain(failure).LastSeen, hint: "Run Deploy again: it finishes or undoes the rest.", inner: failure);
    }

    private async Task RestoreAsync(RolloutRun run, CancellationToken cancellationToken)
    {
        // One that has ended meanwhile would fail the whole call.
        observation.Instances.Forget();
        var running = (await fleet.WebheadsAsync(cancellationToken)).Where(webhead => webhead.IsRunning).Select(webhead => webhead.Id);
        var restore = run.ToRestore.Intersect(running).ToList();
        if (restore.Count == 0) return;

        // One that still drains can't be registered: it has to be out first.
        await waits.DrainedAsync(restore, cancellationToken);
        await fleet.RegisterAsync(restore, cancellationToken);
        await waits.ServingAsync(restore, cancellationToken);
        progress.Changed($"{string.Join(", ", restore)} back in service");
    }

    private async Task RemoveNewAsync(RolloutRun run, CancellationToken cancellationToken)
    {
        if (run.Joining.Count == 0) return;

        // The new may be all that serves, if the old could not come back.
        await waits.RequireMinHealthyAsync(run.Joining, Math.Min(settings.MinHealthy, run.ServedBefore.Count), cancellationToken);
        await fleet.DeregisterAsync(run.Joining, cancellationToken);
        await waits.DrainedAsync(run.Joining, cancellationToken);
        await launcher.TerminateAsync(run.Joining, cancellationToken);
        progress.Changed($"{string.Join(", ", run.Joining)} of release {run.Release} terminated");
    }

    private static PipelineException Stuck(RolloutRun run, Exception failure, Exception second) => new(
        ErrorCode.Stuck, $"Release {run.Release} failed ({Failures.Explain(failure).Message}) and so did rolling back: {Failures.Explain(second).Message}",
        lastSeen: $"put back: {Names(run.ToRestore)}; to terminate: {Names(run.Joining)}; last seen: {(second as PipelineException)?.LastSeen ?? "nothing"}",
        hint: "Look with ./build.sh --target=Status; register the old webheads by hand if they do not serve; then run Deploy again.",
        inner: new AggregateException(failure, second));

    private static string Names(IReadOnlyCollection<string> ids) => ids.Count == 0 ? "none" : string.Join(", ", ids);
}
