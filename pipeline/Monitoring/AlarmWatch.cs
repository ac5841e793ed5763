using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Monitoring;

/// <summary>
/// Watches the alarms of which a release can be the cause, for a rollout. One that rang before it began is not its fault, unless it was over in
/// between; one that lacks data does not ring.
/// </summary>
public sealed class AlarmWatch(IClients clients, EnvironmentSettings settings, ClusterNames names, IProgress progress)
{
    private readonly List<string> watched = [.. DesiredAlarm.All(settings, names).Where(alarm => alarm.IsWatched).Select(alarm => alarm.Name)];

    // CloudWatch takes so many names at once.
    private const int MostAtOnce = 100;

    private HashSet<string>? before;

    private bool IsOn => settings.Monitoring is { RollBack: true };

    /// <summary>Remembers which ring already. No call where the settings have no monitoring.</summary>
    /// <param name="resumedFrom">When the deployment began, of one that an earlier run began: what rang since then may be its fault; null of a new one.</param>
    /// <param name="cancellationToken">Cancels the look.</param>
    public async Task BeginAsync(DateTimeOffset? resumedFrom, CancellationToken cancellationToken)
    {
        if (!IsOn) return;
        var ringing = await RingingAsync(cancellationToken);
        before = [.. ringing.Where(alarm => resumedFrom is not { } began || (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.ToUniversalTime() < began.UtcDateTime).Select(alarm => alarm.AlarmName)];
        if (before.Count > 0) progress.Notice($"{string.Join(", ", before)} {(before.Count == 1 ? "rings" : "ring")} already: that does not end this rollout");
    }

    /// <summary>Looks whether one rings that did not.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.AlarmRang"/>, with the alarms' reasons.</exception>
    public async Task RequireSilenceAsync(CancellationToken cancellationToken)
    {
        if (!IsOn || before is null) return;
        var ringing = await RingingAsync(cancellationToken);
        before.IntersectWith(ringing.Select(alarm => alarm.AlarmName));
        var rang = ringing.Where(alarm => !before.Contains(alarm.AlarmName)).ToList();
        if (rang.Count == 0) return;
        throw new PipelineException(
            ErrorCode.AlarmRang, $"{(rang.Count == 1 ? "The alarm" : "The alarms")} {string.Join(", ", rang.Select(alarm => alarm.AlarmName))} began to ring during the rollout.",
            lastSeen: string.Join('\n', rang.Select(alarm => $"{alarm.AlarmName}: {alarm.StateReason}")), hint: "./build.sh --target=Logs shows what the webheads say.");
    }

    private async Task<IReadOnlyList<MetricAlarm>> RingingAsync(CancellationToken cancellationToken)
    {
        var ringing = new List<MetricAlarm>();
        foreach (var some in watched.Chunk(MostAtOnce))
        {
            var request = new DescribeAlarmsRequest { AlarmNames = [.. some], StateValue = StateValue.ALARM, MaxRecords = MostAtOnce };
            ringing.AddRange((await clients.CloudWatch.DescribeAlarmsAsync(request, cancellationToken)).MetricAlarms ?? []);
        }

        return ringing;
    }
}
