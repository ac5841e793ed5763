using Spectre.Console;
using SyncStorage.Pipeline.Cache;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.DatabaseInstances;
using SyncStorage.Pipeline.Dns;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Monitoring;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Roles;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Rotation;
using SyncStorage.Pipeline.State;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline.Planning;

/// <summary>Plan: what Deploy would change, by the same functions that change it. Reads only.</summary>
public sealed class PlanStage(
    DeploymentPlan plan, SavedPlans saved, StateObjects objects, RunOptions options, ClusterNames names, ReportWriter reports, IAnsiConsole console, IProgress progress)
{
    /// <summary>Prints the differences, and saves them if that was asked for.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.PlanHasChanges"/> if there are any and the exit code shall tell.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var changes = await plan.ChangesAsync(cancellationToken);
        foreach (var rotation in await RotationStore.UnfinishedAsync(objects, cancellationToken)) progress.Notice($"unfinished, and left as it is by Deploy: {rotation}");
        console.WriteChanges(changes);
        console.MarkupLineInterpolated(changes.Count == 0
            ? (FormattableString)$"Nothing to change: everything is as the settings say."
            : $"{changes.Count} change{(changes.Count == 1 ? "" : "s")}: {string.Join(", ", changes.GroupBy(change => change.Kind).Select(group => $"{group.Count()} to {group.Key.ToString().ToLowerInvariant()}"))}.");
        reports.Summarize(PlanSummary.Markdown(names.Cluster, options.EnvironmentName, changes));
        if (options.PlanOut is { } file)
        {
            await saved.WriteAsync(file, changes, cancellationToken);
            progress.Found($"plan saved in {file}; ./build.sh --target=Deploy --plan={file} carries it out");
        }

        if (changes.Count > 0 && options.DetailedExitCode)
            throw new PipelineException(ErrorCode.PlanHasChanges, $"The plan has {changes.Count} changes.", hint: "./build.sh --target=Deploy");
    }
}

/// <summary>The differences of all stages, in Deploy's order.</summary>
public sealed class DeploymentPlan(
    BucketStage bucket, RoleStage roles, SecurityGroupStage groups, BakeStage images, DatabaseImage databaseImage, LoadBalancerStage loadBalancer, DatabaseStage databases, CacheStage cache,
    MonitoringStage monitoring, ConfigStage configuration, RollingDeployment rollout, DnsStage dns, TokenServerReleasePlan tokenRelease, TokenServerStage tokenServer, NodeRemovalStage removal, ImageRetention retention)
{
    /// <summary>The stages, with what each is about, for people.</summary>
    public IReadOnlyList<(string About, IPlannedStage Stage)> Stages { get; } =
    [
        ("bucket", bucket), ("roles", roles), ("security groups", groups), ("image", images), ("image of dbnodes", databaseImage), ("load balancer", loadBalancer), ("databases", databases), ("cache", cache),
        ("monitoring", monitoring), ("configuration", configuration), ("fleet", rollout), ("DNS", dns), ("token server", tokenServer), ("token server's release", tokenRelease), ("databases in no settings", removal), ("old images", retention),
    ];

    /// <summary>Reads what there is, and compares.</summary>
    public async Task<IReadOnlyList<PlannedChange>> ChangesAsync(CancellationToken cancellationToken)
    {
        var changes = new List<PlannedChange>();
        foreach (var (_, stage) in Stages) changes.AddRange(await stage.PlanAsync(cancellationToken));
        return changes;
    }
}
