using Spectre.Console;
using SyncStorage.Pipeline.Cache;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Planning;

/// <summary>Plan: what Deploy would change, by the same functions that change it. Reads only.</summary>
public sealed class PlanStage(
    BucketStage bucket, SecurityGroupStage groups, BakeStage images, LoadBalancerStage loadBalancer, DatabaseStage databases, CacheStage cache,
    ConfigStage configuration, RollingDeployment rollout, RunOptions options, IAnsiConsole console)
{
    /// <summary>Prints the differences.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.PlanHasChanges"/> if there are any and the exit code shall tell.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var changes = await ChangesAsync(cancellationToken);
        foreach (var change in changes) console.MarkupLineInterpolated($"  {Sign(change.Kind)} {change.Resource}: {change.Detail}");
        console.MarkupLineInterpolated(changes.Count == 0
            ? (FormattableString)$"Nothing to change: everything is as the settings say."
            : $"{changes.Count} changes: {string.Join(", ", changes.GroupBy(change => change.Kind).Select(group => $"{group.Count()} to {group.Key.ToString().ToLowerInvariant()}"))}.");
        if (changes.Count > 0 && options.DetailedExitCode)
            throw new PipelineException(ErrorCode.PlanHasChanges, $"The plan has {changes.Count} changes.", hint: "./build.sh --target=Deploy");
    }

    /// <summary>The differences of all stages, in Deploy's order.</summary>
    public async Task<IReadOnlyList<PlannedChange>> ChangesAsync(CancellationToken cancellationToken)
    {
        IPlannedStage[] stages = [bucket, groups, images, loadBalancer, databases, cache, configuration, rollout];
        var changes = new List<PlannedChange>();
        foreach (var stage in stages) changes.AddRange(await stage.PlanAsync(cancellationToken));
        return changes;
    }

    private static string Sign(ChangeKind kind) => kind switch
    {
        ChangeKind.Create => "+",
        ChangeKind.Update => "~",
        ChangeKind.Replace => "±",
        ChangeKind.Delete => "-",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
