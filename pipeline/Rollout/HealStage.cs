using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Monitoring;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Verification;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>
/// Heal, to be run on a schedule: replaces webheads that are dead or not well by others of the same release, and puts back those that are well
/// but stand outside of the load balancer. It converges from any state, also below min healthy, and brings nothing new.
/// </summary>
public sealed class HealStage(
    Observation observation, FleetSpec spec, Fleet fleet, RemoteCommands remote, ConfigStore configuration, ConfigPush push, RolloutRunner runner, SmokeTestStage smokeTest, ClusterEnd end,
    CertificateFigure certificate, RunReport report, IProgress progress)
{
    /// <summary>Heals the fleet; where there is nothing to heal, changes nothing.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NoSuchRelease"/>: there is no webhead to tell which release it should be.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await HealAsync(cancellationToken);

        // It runs on a schedule: what somebody has to say every now and then is said here.
        await certificate.SendAsync(cancellationToken);
    }

    private async Task HealAsync(CancellationToken cancellationToken)
    {
        var webheads = await fleet.WebheadsAsync(cancellationToken);
        var release = FleetHealth.ReleaseOf(webheads) ?? throw new PipelineException(
            ErrorCode.NoSuchRelease, "There is no webhead: which release to heal to is not known.", hint: "./build.sh --target=Deploy");
        var image = Releases.Choose(await observation.Images.GetAsync(cancellationToken), [], current: null, release);
        var target = await spec.ForAsync(image, cancellationToken);
        (report.Release, report.ImageId) = (release, image.ImageId);
        var answers = await HeartbeatsAsync(webheads, cancellationToken);
        var heartbeats = answers.ToDictionary(answer => answer.InstanceId, answer => (string?)answer.Answer?["heartbeat"]?["status"] ?? "silent");
        var well = await WithConfigurationAsync(FleetHealth.Well(webheads, release, heartbeats), answers, cancellationToken);
        if (FleetHealth.IsDependency(webheads, heartbeats))
            progress.Notice("every webhead is degraded: that is a database or the cache, and no other webhead would be better; ./build.sh --target=Status");

        var goal = await runner.GoalAsync(target, cancellationToken);
        if (!await runner.RunAsync(target, seen => RolloutPlanner.Plan(FleetHealth.Marked(seen, well, target.LaunchSpec), goal), cancellationToken))
        {
            progress.Found($"{well.Count} of {goal.Desired} webheads are well, with release {release}: nothing to heal");
            return;
        }

        await smokeTest.RunAsync(cancellationToken);
        await end.RunAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<RemoteResult>> HeartbeatsAsync(IReadOnlyList<Webhead> webheads, CancellationToken cancellationToken)
    {
        List<string> running = [.. webheads.Where(webhead => webhead.State == "running").Select(webhead => webhead.Id)];
        return running.Count == 0 ? [] : await remote.RunReachableAsync(running, WebheadAdmin.Heartbeat, cancellationToken);
    }

    // One that does not come to have the configuration serves users wrongly. Where none comes to have it, others would not either.
    private async Task<IReadOnlySet<string>> WithConfigurationAsync(IReadOnlySet<string> well, IReadOnlyList<RemoteResult> answers, CancellationToken cancellationToken)
    {
        if ((await configuration.CurrentAsync(cancellationToken))?.Version is not { } version) return well;
        List<string> late = [.. answers.Where(answer => well.Contains(answer.InstanceId) && (int?)answer.Answer?["heartbeat"]?["configuration"] != version).Select(answer => answer.InstanceId)];
        if (late.Count == 0) return well;
        var behind = await push.NudgeAsync(late, version, cancellationToken);
        if (behind.Count == well.Count)
        {
            progress.Notice($"no webhead comes to have configuration {version}, and no other would: {behind.First().Value}");
            return well;
        }

        foreach (var (id, says) in behind) progress.Notice($"{id} does not come to have configuration {version} ({says}): it is replaced");
        return well.Except(behind.Keys).ToHashSet();
    }
}
