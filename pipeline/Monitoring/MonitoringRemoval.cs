using Amazon.CloudWatch.Model;
using Amazon.CloudWatchLogs.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Monitoring;

/// <summary>Removes alarms, dashboard and logs. Where the settings have no monitoring, nothing is looked for.</summary>
public sealed class MonitoringRemoval(IClients clients, EnvironmentSettings settings, ClusterNames names, IProgress progress)
{
    // CloudWatch takes so many at once.
    private const int MostAtOnce = 100;

    private readonly MonitoringReader reader = new(clients, names);

    /// <summary>Removes what there is and carries the cluster's tags.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (settings.Monitoring is null) return;
        var ours = new List<string>();
        foreach (var alarm in (await reader.AlarmsAsync(cancellationToken)).Values)
        {
            if (ResourceTags.AreOurs(await reader.TagsOfAsync(alarm, cancellationToken), names.Cluster)) ours.Add(alarm.AlarmName);
            else progress.Notice($"alarm {alarm.AlarmName} is not this cluster's, and stays");
        }

        foreach (var some in ours.Chunk(MostAtOnce))
            await AwsErrors.IfThereAsync(() => clients.CloudWatch.DeleteAlarmsAsync(new DeleteAlarmsRequest { AlarmNames = [.. some] }, cancellationToken));
        if (ours.Count > 0) progress.Changed($"{ours.Count} alarms deleted");

        if (await AwsErrors.IfThereAsync(() => clients.CloudWatch.DeleteDashboardsAsync(new DeleteDashboardsRequest { DashboardNames = [names.Dashboard] }, cancellationToken)))
            progress.Changed($"dashboard {names.Dashboard} deleted");

        if (await reader.LogsAsync(cancellationToken) is { } logs && ResourceTags.AreOurs(await reader.TagsOfAsync(logs, cancellationToken), names.Cluster)
            && await AwsErrors.IfThereAsync(() => clients.Logs.DeleteLogGroupAsync(new DeleteLogGroupRequest { LogGroupName = names.WebheadLogs }, cancellationToken)))
            progress.Changed($"log group {names.WebheadLogs} deleted");
    }
}
