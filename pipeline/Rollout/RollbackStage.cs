using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.History;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Verification;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>
/// Rollback: an earlier release comes back, from its retained image, through the same gates and the same smoke test as any other. Databases
/// and their data stay as they are.
/// </summary>
public sealed class RollbackStage(
    RunOptions options, Observation observation, DeploymentHistory history, FleetSpec spec, Fleet fleet, RolloutRunner runner, SmokeTestStage smokeTest,
    CompatibilityCheck compatibility, ConfigurationRestore configuration, ClusterEnd end, RunReport report, IProgress progress)
{
    private const int FarBack = 50;

    /// <summary>Rolls back, and tests.</summary>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.NoSuchRelease"/>; <see cref="ErrorCode.RolledBack"/> if the earlier release failed and the present one serves on.
    /// </exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var current = await CurrentAsync(cancellationToken);
        var entries = await history.ReadAsync(FarBack, cancellationToken);
        var image = Releases.Choose(await observation.Images.GetAsync(cancellationToken), entries, current, options.To);
        var target = await spec.ForAsync(image, cancellationToken);
        (report.Release, report.ImageId) = (target.Release, image.ImageId);
        progress.Found($"from release {current ?? "none"} to {target.Release} (image {image.ImageId}, launch spec {target.LaunchSpec})");

        await compatibility.RequireAsync(target.Release, image, cancellationToken);
        await configuration.RestoreForAsync(target.Release, ImageCatalog.CompatibilityOf(image)?.Configuration, entries, cancellationToken);
        var goal = await runner.GoalAsync(target, cancellationToken);
        if (!await runner.RunAsync(target, webheads => RolloutPlanner.Plan(webheads, goal), cancellationToken))
            progress.Found($"release {target.Release} serves already");
        await smokeTest.RunAsync(cancellationToken);
        await end.RunAsync(cancellationToken);
    }

    private async Task<string?> CurrentAsync(CancellationToken cancellationToken) => (await fleet.WebheadsAsync(cancellationToken))
        .Where(webhead => webhead.Verdict.IsServing).GroupBy(webhead => webhead.Release).MaxBy(group => group.Count())?.Key;
}
