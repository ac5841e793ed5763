using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>
/// Heals a role's fleet: replaces who is dead or not well by others of the same release, and puts back who is well but stands outside of the load
/// balancer. It converges from any state, also below min healthy, and brings nothing new.
/// </summary>
public sealed class FleetHealing(
    Observation observation, FleetSpec spec, Fleet fleet, RemoteCommands remote, PublishedConfiguration configuration, ConfigPush push, RolloutRunner runner, RunReport report, IProgress progress)
{
    /// <summary>Heals the fleet.</summary>
    /// <returns>Whether there was anything to heal.</returns>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NoSuchRelease"/>: there is no instance to tell which release it should be.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var webheads = await fleet.WebheadsAsync(cancellationToken);
        var release = FleetHealth.ReleaseOf(webheads) ?? throw new PipelineException(
            ErrorCode.NoSuchRelease, $"There is no {fleet.Role.Noun}: which release to heal to is not known.", hint: "./build.sh --target=Deploy");
        var image = Releases.Choose(ImageCatalog.Of(fleet.Role, await observation.Images.GetAsync(cancellationToken)), [], current: null, release);
        var target = await spec.ForAsync(image, cancellationToken);
        report.Deploying(fleet.Role, release, image.ImageId);
        var answers = await HeartbeatsAsync(webheads, cancellationToken);
        var heartbeats = answers.ToDictionary(answer => answer.InstanceId, answer => (string?)answer.Answer?["heartbeat"]?["status"] ?? "silent");
        var well = await WithConfigurationAsync(FleetHealth.Well(webheads, release, heartbeats), answers, cancellationToken);
        if (FleetHealth.IsDependency(webheads, heartbeats))
            progress.Notice($"every {fleet.Role.Noun} is degraded: that is a database or the cache, and no other {fleet.Role.Noun} would be better; ./build.sh --target=Status");

        var goal = await runner.GoalAsync(target, cancellationToken);
        if (await runner.RunAsync(target, seen => RolloutPlanner.Plan(FleetHealth.Marked(seen, well, target.LaunchSpec), goal), cancellationToken)) return true;
        progress.Found($"{well.Count} of {goal.Desired} {fleet.Role.Plural} are well, with release {release}: nothing to heal");
        return false;
    }

    private async Task<IReadOnlyList<RemoteResult>> HeartbeatsAsync(IReadOnlyList<Webhead> webheads, CancellationToken cancellationToken)
    {
        List<string> running = [.. webheads.Where(webhead => webhead.State == "running").Select(webhead => webhead.Id)];
        return running.Count == 0 ? [] : await remote.RunReachableAsync(running, fleet.Role.HeartbeatCommand, cancellationToken);
    }

    // One that does not come to have the configuration serves users wrongly. Where none comes to have it, others would not either.
    private async Task<IReadOnlySet<string>> WithConfigurationAsync(IReadOnlySet<string> well, IReadOnlyList<RemoteResult> answers, CancellationToken cancellationToken)
    {
        if (await configuration.VersionAsync(cancellationToken) is not { } version) return well;
        List<string> late = [.. answers.Where(answer => well.Contains(answer.InstanceId) && (int?)answer.Answer?["heartbeat"]?["configuration"] != version).Select(answer => answer.InstanceId)];
        if (late.Count == 0) return well;
        var behind = await push.NudgeAsync(late, version, cancellationToken);
        if (behind.Count == well.Count)
        {
            progress.Notice($"no {fleet.Role.Noun} comes to have configuration {version}, and no other would: {behind.First().Value}");
            return well;
        }

        foreach (var (id, says) in behind) progress.Notice($"{id} does not come to have configuration {version} ({says}): it is replaced");
        return well.Except(behind.Keys).ToHashSet();
    }
}
