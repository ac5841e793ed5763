using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>
/// The end of a rollout: the old webheads, kept out of the load balancer but running, are terminated once the smoke test has passed,
/// or put back if it failed. What was kept is read from AWS, so that the smoke test can also run as a stage of its own.
/// </summary>
public sealed class RolloutCompletion(Fleet fleet, InstanceLauncher launcher, RolloutUndo undo, DeploymentJournal journal, IProgress progress)
{
    /// <summary>Terminates the webheads that were kept.</summary>
    public async Task PassedAsync(CancellationToken cancellationToken)
    {
        var kept = Kept(await fleet.WebheadsAsync(cancellationToken)).Select(webhead => webhead.Id).ToList();
        if (kept.Count > 0) await RemoveAsync(kept, cancellationToken);
        journal.Complete();
    }

    private async Task RemoveAsync(List<string> kept, CancellationToken cancellationToken)
    {
        await launcher.TerminateAsync(kept, cancellationToken);
        progress.Changed($"{string.Join(", ", kept)}, out of the load balancer, terminated");
    }

    /// <summary>Puts the webheads that were kept back, and takes the new ones out.</summary>
    /// <returns>What to throw: the failure itself where there is nothing to go back to.</returns>
    public async Task<Exception> FailedAsync(Exception failure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(failure);
        IReadOnlyList<Webhead> webheads;
        try
        {
            webheads = await fleet.WebheadsAsync(cancellationToken);
        }
        catch (Exception second) when (Failures.IsExpected(second))
        {
            progress.Notice($"whether a previous release can be put back is not known: {second.Message}");
            return cancellationToken.IsCancellationRequested ? RolloutUndo.Interrupted("the smoke test had failed", failure) : failure;
        }

        var current = webheads.Where(webhead => webhead.IsRunning && webhead.Verdict.IsRegistered).ToList();
        var previous = PreviousOf(Kept(webheads), current);
        if (previous.Count == 0) return await WithoutOldAsync(current, failure, cancellationToken);

        var run = new RolloutRun((current.Count == 0 ? webheads : current)[^1].Release, previous);
        run.Left.AddRange(previous);
        run.Joining.AddRange(current.Select(webhead => webhead.Id));
        return await undo.UnwindAsync(run, failure, cancellationToken);
    }

    // Those that this deployment replaced are terminated, and it knows what they were launched from.
    private async Task<Exception> WithoutOldAsync(List<Webhead> current, Exception failure, CancellationToken cancellationToken)
    {
        if (journal.Current?.RolloutOf(fleet.Role.Tag) is not { Previous: { } previous, Left.Count: > 0 } now) return failure;
        List<string> young = [.. current.Where(webhead => webhead.LaunchSpec == now.LaunchSpec && !now.Served.Contains(webhead.Id)).Select(webhead => webhead.Id)];
        if (young.Count == 0 || previous.Tags["LaunchSpec"] == now.LaunchSpec) return failure;

        var run = new RolloutRun(now.Release ?? "", now.Served) { Previous = previous };
        run.Joining.AddRange(young);
        return await undo.UnwindAsync(run, failure, cancellationToken);
    }

    private static List<Webhead> Kept(IReadOnlyList<Webhead> webheads) => [.. webheads.Where(webhead => webhead.IsRunning && !webhead.Verdict.IsRegistered)];

    // A smaller fleet leaves webheads of the same launch spec: those are no way back. Nor is what was never registered, where the journal knows who was: it passed no gate.
    private List<string> PreviousOf(List<Webhead> kept, List<Webhead> current)
    {
        var specs = current.Select(webhead => webhead.LaunchSpec).ToHashSet();
        var others = kept.Where(webhead => !specs.Contains(webhead.LaunchSpec));
        return journal.Current?.RolloutOf(fleet.Role.Tag) is { LaunchSpec: not null } now
            ? [.. others.Where(webhead => now.Served.Concat(now.Registered).Contains(webhead.Id)).Select(webhead => webhead.Id)]
            : others.GroupBy(webhead => webhead.LaunchSpec).MaxBy(group => group.Max(webhead => webhead.Launched))?.Select(webhead => webhead.Id).ToList() ?? [];
    }
}
