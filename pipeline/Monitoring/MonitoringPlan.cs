using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Roles;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Monitoring;

/// <summary>A step of what has to be done, with what it changes.</summary>
/// <param name="Changes">For people.</param>
internal abstract record MonitoringStep(IReadOnlyList<PlannedChange> Changes)
{
    /// <summary>An alarm is made, or brought back.</summary>
    internal sealed record PutAlarm(DesiredAlarm Alarm, bool IsNew, IReadOnlyList<PlannedChange> Changes) : MonitoringStep(Changes);

    /// <summary>An alarm of something that is not there any more goes.</summary>
    internal sealed record DeleteAlarm(string Name, IReadOnlyList<PlannedChange> Changes) : MonitoringStep(Changes);

    /// <summary>The dashboard is made, or brought back.</summary>
    internal sealed record PutDashboard(string Body, IReadOnlyList<PlannedChange> Changes) : MonitoringStep(Changes);

    /// <summary>The log group is made.</summary>
    internal sealed record CreateLogs(IReadOnlyList<PlannedChange> Changes) : MonitoringStep(Changes);

    /// <summary>Logs are kept for another time.</summary>
    internal sealed record KeepLogs(IReadOnlyList<PlannedChange> Changes) : MonitoringStep(Changes);
}

/// <summary>The pure comparison of a cluster's monitoring with what the settings say.</summary>
internal static class MonitoringPlan
{
    /// <summary>What has to be done, in order.</summary>
    public static IReadOnlyList<MonitoringStep> Compare(EnvironmentSettings settings, ClusterNames names, Arns arns, ObservedMonitoring observed)
    {
        if (settings.Monitoring is not { } monitoring) return [];
        var steps = new List<MonitoringStep>();
        AddLogs(steps, monitoring, names, observed);
        var wanted = DesiredAlarm.All(settings, names);
        foreach (var alarm in wanted)
        {
            if (!observed.Alarms.TryGetValue(alarm.Name, out var seen))
                steps.Add(new MonitoringStep.PutAlarm(alarm, IsNew: true, [new PlannedChange(ChangeKind.Create, $"alarm {alarm.Name}", alarm.Description)]));
            else if (AlarmPlan.Differences(alarm, seen, monitoring.AlarmTopic) is { Count: > 0 } differences)
                steps.Add(new MonitoringStep.PutAlarm(alarm, IsNew: false, [.. differences.Select(value => PlannedChange.Of(ChangeKind.Update, $"alarm {alarm.Name}", value))]));
        }

        foreach (var name in observed.Alarms.Keys.Except(wanted.Select(alarm => alarm.Name)).Order(StringComparer.Ordinal))
            steps.Add(new MonitoringStep.DeleteAlarm(name, [new PlannedChange(ChangeKind.Delete, $"alarm {name}", "of nothing that the settings have")]));
        var body = DashboardBody.Of(settings, names, arns);
        if (!PolicyJson.AreSame(observed.Dashboard, body))
            steps.Add(new MonitoringStep.PutDashboard(body, [new PlannedChange(observed.Dashboard is null ? ChangeKind.Create : ChangeKind.Update, $"dashboard {names.Dashboard}", "what it shows")]));
        return steps;
    }

    private static void AddLogs(List<MonitoringStep> steps, MonitoringSettings monitoring, ClusterNames names, ObservedMonitoring observed)
    {
        var resource = $"log group {names.WebheadLogs}";
        if (observed.Logs is null) steps.Add(new MonitoringStep.CreateLogs([new PlannedChange(ChangeKind.Create, resource, $"logs are kept for {monitoring.LogDays} days")]));

        // Made and kept for a time are two calls: one that was killed between them left the first.
        if (observed.Logs?.RetentionInDays != monitoring.LogDays)
        {
            var change = PlannedChange.Of(ChangeKind.Update, resource, new ValueChange("days", observed.Logs?.RetentionInDays is { } days ? FormattableString.Invariant($"{days}") : "for ever", FormattableString.Invariant($"{monitoring.LogDays}")));
            steps.Add(new MonitoringStep.KeepLogs(observed.Logs is null ? [] : [change]));
        }
    }
}
