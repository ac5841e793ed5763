using Amazon.EC2.Model;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.History;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>Brings an earlier release of a role back, from its retained image, through the same gates as any other. Databases and their data stay as they are.</summary>
public sealed class FleetRollback(
    RunOptions options, Observation observation, FleetSpec spec, Fleet fleet, RolloutRunner runner, CompatibilityCheck compatibility, RunReport report, IProgress progress)
{
    /// <summary>Rolls back; the smoke test is the caller's.</summary>
    /// <param name="history">The deployments, newest first, with this role's releases.</param>
    /// <param name="prepare">What has to be done for a release before it comes.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.NoSuchRelease"/>; <see cref="ErrorCode.RolledBack"/> if the earlier release failed and the present one serves on.
    /// </exception>
    public async Task RunAsync(IReadOnlyList<HistoryEntry> history, Func<string, Image, Task> prepare, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prepare);
        var current = await CurrentAsync(cancellationToken);
        var image = Releases.Choose(ImageCatalog.Of(fleet.Role, await observation.Images.GetAsync(cancellationToken)), history, current, options.To);
        var target = await spec.ForAsync(image, cancellationToken);
        report.Deploying(fleet.Role, target.Release, image.ImageId);
        progress.Found($"from release {current ?? "none"} to {target.Release} (image {image.ImageId}, launch spec {target.LaunchSpec})");

        await compatibility.RequireAsync(target.Release, image, cancellationToken);
        await prepare(target.Release, image);
        var goal = await runner.GoalAsync(target, cancellationToken);
        if (!await runner.RunAsync(target, webheads => RolloutPlanner.Plan(webheads, goal), cancellationToken))
            progress.Found($"release {target.Release} serves already");
    }

    private async Task<string?> CurrentAsync(CancellationToken cancellationToken) => (await fleet.WebheadsAsync(cancellationToken))
        .Where(webhead => webhead.Verdict.IsServing).GroupBy(webhead => webhead.Release).MaxBy(group => group.Count())?.Key;
}
