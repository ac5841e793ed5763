using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>
/// Launches a first fleet before there is what it needs. The rollout takes it over like one that an earlier run has left, through all gates.
/// </summary>
public sealed class FleetAhead(
    Fleet fleet, PublishedConfiguration configuration, RolloutRunner runner, FleetLaunch launch, InstanceLauncher launcher, DeploymentJournal journal, IProgress progress)
{
    // The first that is published.
    private const int FirstConfiguration = 1;

    /// <summary>
    /// Launches what the first batch lacks, if no configuration was published yet and nobody serves. What runs already and is not wanted any more goes before: it never
    /// served, and no rollout would come to end it where there is room for one fleet only.
    /// </summary>
    /// <param name="targetAsync">What is launched.</param>
    /// <param name="cancellationToken">Cancels between calls.</param>
    public async Task LaunchAsync(Func<CancellationToken, Task<FleetTarget>> targetAsync, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(targetAsync);
        if (await configuration.VersionAsync(cancellationToken) is not null) return;
        await launch.SettleAsync(cancellationToken);
        var webheads = await fleet.WebheadsAsync(cancellationToken);

        // The configuration that they have was lost: publishing it again is all that is missing.
        if (webheads.Any(webhead => webhead.Verdict.IsServing)) return;
        var target = await targetAsync(cancellationToken);
        target = target with { Launch = Fleet.Knowing(target.Launch, FirstConfiguration) };
        var plan = RolloutPlanner.Plan(webheads, await runner.GoalAsync(target, cancellationToken));
        await RemoveAsync([.. webheads.Where(webhead => !webhead.Verdict.IsRegistered).Select(webhead => webhead.Id).Except(plan.Batches.SelectMany(batch => batch.Adopt))], cancellationToken);
        if (plan.Batches is not [var first, ..] || first.Launch.Values.Sum() == 0) return;
        await journal.RolloutAsync(target, webheads, previous: null, cancellationToken);
        await launch.LaunchAsync("ahead of the databases", target.Launch, first.Launch, [], cancellationToken);
    }

    private async Task RemoveAsync(List<string> unwanted, CancellationToken cancellationToken)
    {
        if (unwanted.Count == 0) return;
        await launcher.TerminateAsync(unwanted, cancellationToken);
        progress.Changed($"{string.Join(", ", unwanted)} terminated: launched for another release or other settings, and never in service");
    }
}
