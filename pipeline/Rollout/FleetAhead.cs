using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Journal;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>
/// Launches a first fleet before there is what it needs. The rollout takes it over like one that an earlier run has left, through all gates.
/// </summary>
public sealed class FleetAhead(
    Fleet fleet, PublishedConfiguration configuration, RolloutRunner runner, FleetLaunch launch, DeploymentJournal journal)
{
    // The first that is published.
    private const int FirstConfiguration = 1;

    /// <summary>Launches what the first batch lacks, if no configuration was published yet: nobody serves.</summary>
    /// <param name="targetAsync">What is launched.</param>
    /// <param name="cancellationToken">Cancels between calls.</param>
    public async Task LaunchAsync(Func<CancellationToken, Task<FleetTarget>> targetAsync, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(targetAsync);
        if (await configuration.VersionAsync(cancellationToken) is not null) return;
        await launch.RepeatUnansweredAsync(cancellationToken);
        var webheads = await fleet.WebheadsAsync(cancellationToken);
        var target = await targetAsync(cancellationToken);
        target = target with { Launch = Fleet.Knowing(target.Launch, FirstConfiguration) };
        if (RolloutPlanner.Plan(webheads, await runner.GoalAsync(target, cancellationToken)).Batches is not [var first, ..] || first.Launch.Values.Sum() == 0) return;
        await journal.RolloutAsync(target, webheads, previous: null, cancellationToken);
        await launch.LaunchAsync("ahead of the databases", target.Launch, first.Launch, [], cancellationToken);
    }
}
