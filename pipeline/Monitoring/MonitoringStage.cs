using Amazon.CloudWatch.Model;
using Amazon.CloudWatchLogs.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Roles;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Monitoring;

/// <summary>Ensure-Monitoring: makes the log group, the alarms and the dashboard, and puts back what drifted. Without settings for it, it makes no call.</summary>
public sealed class MonitoringStage : IPlannedStage
{
    private readonly IClients clients;
    private readonly EnvironmentSettings settings;
    private readonly ClusterNames names;
    private readonly AwsConnection connection;
    private readonly CertificateFigure certificate;
    private readonly IProgress progress;
    private readonly MonitoringReader reader;
    private readonly Memo<ObservedMonitoring> seen;

    /// <summary>Reads nothing yet.</summary>
    public MonitoringStage(IClients clients, EnvironmentSettings settings, ClusterNames names, AwsConnection connection, CertificateFigure certificate, IProgress progress)
    {
        (this.clients, this.settings, this.names, this.connection) = (clients, settings, names, connection);
        (this.certificate, this.progress) = (certificate, progress);
        reader = new MonitoringReader(clients, names);
        seen = new(reader.ReadAsync);
    }

    private Arns Arns => Arns.Of(connection.Target);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken) =>
        settings.Monitoring is null ? [] : [.. (await StepsAsync(cancellationToken)).SelectMany(step => step.Changes)];

    /// <summary>The cluster's alarms as they are; null where the settings have no monitoring.</summary>
    public async Task<IReadOnlyList<SummaryAlarm>?> AlarmsAsync(CancellationToken cancellationToken) =>
        settings.Monitoring is null ? null
            : [.. (await seen.GetAsync(cancellationToken)).Alarms.Values.OrderBy(alarm => alarm.AlarmName, StringComparer.Ordinal).Select(alarm => new SummaryAlarm(alarm.AlarmName, alarm.StateValue, alarm.StateReason ?? ""))];

    /// <summary>Brings it to what the settings say.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NotOurs"/>: something has one of the cluster's names, but not its tags.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (settings.Monitoring is null)
        {
            progress.Found("the settings have no monitoring");
            return;
        }

        var observed = await seen.GetAsync(cancellationToken);
        var steps = await StepsAsync(cancellationToken);

        // Whose they are is looked at before the first is touched.
        foreach (var step in steps) await RequireOursAsync(step, observed, cancellationToken);
        foreach (var step in steps)
        {
            await CarryOutAsync(step, cancellationToken);
            foreach (var change in step.Changes) progress.Changed($"{change.Resource}: {(change.Kind == ChangeKind.Create ? "created" : change.Kind == ChangeKind.Delete ? "deleted" : change.Text)}");
        }

        if (steps.Count == 0) progress.Found($"{observed.Alarms.Count} alarms, dashboard {names.Dashboard} and log group {names.WebheadLogs} are as the settings say");
        seen.Forget();
        await certificate.SendAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<MonitoringStep>> StepsAsync(CancellationToken cancellationToken)
    {
        var observed = await seen.GetAsync(cancellationToken);
        var steps = MonitoringPlan.Compare(settings, names, Arns, observed);

        // Of one that somebody else gave such a name, nothing is planned.
        var kept = new List<MonitoringStep>();
        foreach (var step in steps)
        {
            if (step is not MonitoringStep.DeleteAlarm { Name: var name } || ResourceTags.AreOurs(await reader.TagsOfAsync(observed.Alarms[name], cancellationToken), names.Cluster)) kept.Add(step);
        }

        return kept;
    }

    private async Task RequireOursAsync(MonitoringStep step, ObservedMonitoring observed, CancellationToken cancellationToken)
    {
        if (step is MonitoringStep.PutAlarm { IsNew: false, Alarm.Name: var name })
            Ownership.Require($"alarm {name}", await reader.TagsOfAsync(observed.Alarms[name], cancellationToken), names.Cluster);
        if (step is MonitoringStep.KeepLogs && observed.Logs is { } logs)
            Ownership.Require($"log group {names.WebheadLogs}", await reader.TagsOfAsync(logs, cancellationToken), names.Cluster);
    }

    private Task CarryOutAsync(MonitoringStep step, CancellationToken cancellationToken) => step switch
    {
        MonitoringStep.CreateLogs => AwsErrors.UnlessExistsAsync(() => clients.Logs.CreateLogGroupAsync(
            new CreateLogGroupRequest { LogGroupName = names.WebheadLogs, Tags = ResourceTags.Of(names.Cluster, "webhead").Values.ToDictionary() }, cancellationToken)),
        MonitoringStep.KeepLogs => clients.Logs.PutRetentionPolicyAsync(
            new PutRetentionPolicyRequest { LogGroupName = names.WebheadLogs, RetentionInDays = settings.Monitoring!.LogDays }, cancellationToken),
        MonitoringStep.PutAlarm { Alarm: var alarm, IsNew: var isNew } => clients.CloudWatch.PutMetricAlarmAsync(
            AlarmPlan.Request(alarm, settings.Monitoring!.AlarmTopic, isNew ? ResourceTags.Of(names.Cluster, "monitoring") : null), cancellationToken),
        MonitoringStep.DeleteAlarm { Name: var name } => AwsErrors.IfThereAsync(() => clients.CloudWatch.DeleteAlarmsAsync(new DeleteAlarmsRequest { AlarmNames = [name] }, cancellationToken)),
        MonitoringStep.PutDashboard { Body: var body } => clients.CloudWatch.PutDashboardAsync(new PutDashboardRequest { DashboardName = names.Dashboard, DashboardBody = body }, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
    };
}
