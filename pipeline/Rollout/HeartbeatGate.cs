using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>
/// The check that lets a rollout go on: on the instances themselves, the heartbeat is 200 with the expected release and every
/// dependency ok, several times in a row, before they are registered.
/// </summary>
public sealed class HeartbeatGate(
    EnvironmentSettings settings, ClusterNames names, RemoteCommands remote, InstanceLauncher launcher, Waiter waiter, TimeProvider time, IProgress progress)
{
    // A webhead answers from what it found last for a moment.
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(300);

    // What a command may be told to wait for.
    private static readonly TimeSpan LongestWithin = TimeSpan.FromSeconds(60);

    // As far apart as polls are; but all of them within half the time that a command has.
    private TimeSpan Interval => TimeSpan.FromSeconds(Math.Max(
        ShortestInterval.TotalSeconds, Math.Min(settings.Waits.PollSeconds, settings.Waits.CommandSeconds / (2 * settings.Rollout.GateSuccesses))));

    /// <summary>Waits until all instances have passed.</summary>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.GateFailed"/> at the deadline, or once one has failed several times in a row after its grace period; with each one's last
    /// answer and the end of a console.
    /// </exception>
    public async Task PassAsync(IReadOnlyCollection<string> ids, string release, int configuration, CancellationToken cancellationToken)
    {
        await PassAsync(ids, release, configuration, settings.Rollout.GateSuccesses, cancellationToken);
        progress.Found($"heartbeat gate passed by {string.Join(", ", ids)}");
    }

    /// <summary>Waits until all instances, which passed before, give one good heartbeat again.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.GateFailed"/>, as above.</exception>
    public Task ConfirmAsync(IReadOnlyCollection<string> ids, string release, int configuration, CancellationToken cancellationToken) =>
        PassAsync(ids, release, configuration, successes: 1, cancellationToken);

    // While a bad heartbeat does not count yet, the command itself waits for a good one: one command then does for what would take several.
    private TimeSpan Within(TimeSpan elapsed)
    {
        var within = TimeSpan.FromSeconds(Math.Min(settings.Rollout.GraceSeconds - elapsed.TotalSeconds, settings.Waits.CommandSeconds / 3));
        return within < 3 * Interval ? 3 * Interval : within > LongestWithin ? LongestWithin : within;
    }

    private async Task PassAsync(IReadOnlyCollection<string> ids, string release, int configuration, int successes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var rollout = settings.Rollout;
        var failed = ids.ToDictionary(id => id, _ => 0);
        var bad = new HashSet<string>(ids);
        var started = time.GetTimestamp();
        try
        {
            await remote.WaitOnlineAsync(ids, cancellationToken);
            await waiter.UntilAsync($"the heartbeat gate of {string.Join(", ", ids)}", settings.Waits.Pace(rollout.GateTimeoutSeconds), async token =>
            {
                var results = await remote.RunAsync(ids, names.Role.CheckCommand(release, configuration, successes, Interval, Within(time.GetElapsedTime(started))), token);
                var counts = time.GetElapsedTime(started) >= TimeSpan.FromSeconds(rollout.GraceSeconds);
                foreach (var result in results) failed[result.InstanceId] = result.Succeeded || !counts ? 0 : failed[result.InstanceId] + 1;
                var failing = results.Where(result => !result.Succeeded).ToList();
                if (failing.Count == 0) return Poll.Done(true);
                bad = [.. failing.Select(result => result.InstanceId)];
                var seen = string.Join("; ", failing.Select(result => $"{result.InstanceId}: {result.Reason}"));
                return failed.Values.Max() >= rollout.GateFailures ? Poll.Failed<bool>(seen) : Poll.NotYet<bool>(seen);
            }, cancellationToken);
        }
        catch (PipelineException exception) when (exception.Code is ErrorCode.TimedOut or ErrorCode.TerminalState)
        {
            var worst = bad.First();
            var console = await launcher.ConsoleTailAsync(worst, 10, cancellationToken);
            throw new PipelineException(
                ErrorCode.GateFailed, $"{bad.Count} of {ids.Count} {names.Role.Plural} of release {release} did not pass the heartbeat gate {(exception.Code == ErrorCode.TimedOut ? $"within {rollout.GateTimeoutSeconds:0.#} s" : $"({rollout.GateFailures} bad heartbeats in a row, after a grace period of {rollout.GraceSeconds:0.#} s)")}.",
                lastSeen: console.Length == 0 ? exception.LastSeen : $"{exception.LastSeen}\nconsole of {worst}:\n{console}",
                hint: "./build.sh --target=Status", inner: exception);
        }
    }
}
