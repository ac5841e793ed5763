using Amazon.Runtime;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>
/// Launches a first fleet before there is what it needs. The rollout takes it over like one that an earlier run has left, through all gates; what keeps it from being
/// launched is left to the rollout, too.
/// </summary>
public sealed class FleetAhead(
    Fleet fleet, PublishedConfiguration configuration, RolloutRunner runner, FleetLaunch launch, DeploymentJournal journal, IProgress progress)
{
    // The first that is published.
    private const int FirstConfiguration = 1;

    /// <summary>Launches, if no configuration was published yet, and no fleet is there.</summary>
    /// <param name="targetAsync">What is launched.</param>
    /// <param name="cancellationToken">Cancels between calls.</param>
    public async Task LaunchAsync(Func<CancellationToken, Task<FleetTarget>> targetAsync, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(targetAsync);
        if (await configuration.VersionAsync(cancellationToken) is not null) return;
        await launch.RepeatUnansweredAsync(cancellationToken);
        if ((await fleet.WebheadsAsync(cancellationToken)).Count > 0) return;
        var target = await targetAsync(cancellationToken);
        target = target with { Launch = Fleet.Knowing(target.Launch, FirstConfiguration) };
        var first = RolloutPlanner.Plan([], await runner.GoalAsync(target, cancellationToken)).Batches[0];
        await journal.RolloutAsync(target, [], previous: null, cancellationToken);
        try
        {
            await launch.LaunchAsync("ahead of the databases", target.Launch, first.Launch, [], cancellationToken);
        }
        catch (AmazonServiceException refusal) when (refusal.ErrorCode is { Length: > 0 })
        {
            progress.Notice($"not all {fleet.Role.Plural} are launched ahead of the databases ({refusal.ErrorCode}): Rolling-Deploy tries again");
        }
    }
}
