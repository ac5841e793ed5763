using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>
/// The end of a rollout: the old webheads, kept out of the load balancer but running, are terminated once the smoke test has passed,
/// or put back if it failed. What was kept is read from AWS, so that the smoke test can also run as a stage of its own.
/// </summary>
public sealed class RolloutCompletion(WebheadBuild bundles, FleetSpec spec, Fleet fleet, InstanceLauncher launcher, RolloutUndo undo, IProgress progress)
{
    /// <summary>Terminates the webheads that were kept.</summary>
    public async Task PassedAsync(CancellationToken cancellationToken)
    {
        var kept = (await KeptAsync(cancellationToken)).Select(webhead => webhead.Id).ToList();
        if (kept.Count == 0) return;
        await launcher.TerminateAsync(kept, cancellationToken);
        progress.Changed($"{string.Join(", ", kept)} of the previous release terminated");
    }

    /// <summary>Puts the webheads that were kept back, and takes the new ones out.</summary>
    /// <returns>What to throw: the failure itself where there is nothing to go back to.</returns>
    public async Task<Exception> FailedAsync(PipelineException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var kept = await KeptAsync(CancellationToken.None);
        var previous = kept.GroupBy(webhead => webhead.LaunchSpec).MaxBy(group => group.Max(webhead => webhead.Launched))?.Select(webhead => webhead.Id).ToList();
        if (previous is null || bundles.TryLoad() is not { } bundle) return failure;

        var keptIds = kept.Select(webhead => webhead.Id).ToHashSet();
        var run = new RolloutRun(bundle.Release, previous);
        run.Left.AddRange(previous);
        run.Joining.AddRange((await fleet.WebheadsAsync(CancellationToken.None)).Where(webhead => webhead.IsRunning && !keptIds.Contains(webhead.Id)).Select(webhead => webhead.Id));
        return await undo.UnwindAsync(run, failure);
    }

    private async Task<IReadOnlyList<Webhead>> KeptAsync(CancellationToken cancellationToken)
    {
        if (bundles.TryLoad() is not { } bundle || await spec.TryForAsync(bundle, cancellationToken) is not { } target) return [];
        return [.. (await fleet.WebheadsAsync(cancellationToken))
            .Where(webhead => webhead.IsRunning && !webhead.Verdict.IsRegistered && webhead.LaunchSpec != target.LaunchSpec)];
    }
}
