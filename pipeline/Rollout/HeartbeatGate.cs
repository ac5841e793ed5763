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
public sealed class HeartbeatGate(EnvironmentSettings settings, RemoteCommands remote, InstanceLauncher launcher, Waiter waiter, IProgress progress)
{
    /// <summary>Waits until all instances have passed.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.GateFailed"/> at the deadline, with each one's last answer and the end of a console.</exception>
    public async Task PassAsync(IReadOnlyCollection<string> ids, string release, int configuration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var rollout = settings.Rollout;
        var passed = ids.ToDictionary(id => id, _ => 0);
        try
        {
            await remote.WaitOnlineAsync(ids, cancellationToken);
            await waiter.UntilAsync($"the heartbeat gate of {string.Join(", ", ids)}", settings.Waits.Pace(rollout.GateTimeoutSeconds), async token =>
            {
                var results = await remote.RunAsync(ids, WebheadAdmin.Check(release, configuration), token);
                foreach (var result in results) passed[result.InstanceId] = result.Succeeded ? passed[result.InstanceId] + 1 : 0;
                if (passed.Values.All(count => count >= rollout.GateSuccesses)) return Poll.Done(true);
                var failing = results.Where(result => !result.Succeeded).ToList();
                return Poll.NotYet<bool>(failing.Count == 0
                    ? $"{passed.Values.Min()} of {rollout.GateSuccesses} good heartbeats"
                    : string.Join("; ", failing.Select(result => $"{result.InstanceId}: {result.Reason}")));
            }, cancellationToken);
        }
        catch (PipelineException exception) when (exception.Code is ErrorCode.TimedOut or ErrorCode.TerminalState)
        {
            var worst = passed.MinBy(pair => pair.Value).Key;
            var console = await launcher.ConsoleTailAsync(worst, 10, cancellationToken);
            throw new PipelineException(
                ErrorCode.GateFailed, $"{passed.Count(pair => pair.Value < rollout.GateSuccesses)} of {ids.Count} webheads of release {release} did not pass the heartbeat gate within {rollout.GateTimeoutSeconds:0.#} s.",
                lastSeen: console.Length == 0 ? exception.LastSeen : $"{exception.LastSeen}\nconsole of {worst}:\n{console}",
                hint: "./build.sh --target=Status", inner: exception);
        }

        progress.Found($"heartbeat gate passed by {string.Join(", ", ids)}");
    }
}
