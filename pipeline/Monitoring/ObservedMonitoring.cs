using Amazon.CloudWatch.Model;
using Amazon.CloudWatchLogs.Model;
using SyncStorage.Pipeline.Aws;

namespace SyncStorage.Pipeline.Monitoring;

/// <summary>What there is of a cluster's monitoring.</summary>
/// <param name="Alarms">Those of its prefix, by name.</param>
/// <param name="Dashboard">The dashboard's document, or null.</param>
/// <param name="Logs">The log group of the webheads, or null.</param>
internal sealed record ObservedMonitoring(IReadOnlyDictionary<string, MetricAlarm> Alarms, string? Dashboard, LogGroup? Logs);

/// <summary>Looks at alarms, dashboard and log group.</summary>
internal sealed class MonitoringReader(IClients clients, ClusterNames names)
{
    /// <summary>All there is.</summary>
    public async Task<ObservedMonitoring> ReadAsync(CancellationToken cancellationToken) =>
        new(await AlarmsAsync(cancellationToken), await DashboardAsync(cancellationToken), await LogsAsync(cancellationToken));

    /// <summary>The alarms whose names begin as the cluster's do.</summary>
    public async Task<IReadOnlyDictionary<string, MetricAlarm>> AlarmsAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, MetricAlarm>(StringComparer.Ordinal);
        var request = new DescribeAlarmsRequest { AlarmNamePrefix = names.AlarmPrefix, MaxRecords = 100 };
        do
        {
            var page = await clients.CloudWatch.DescribeAlarmsAsync(request, cancellationToken);
            foreach (var alarm in page.MetricAlarms ?? []) found[alarm.AlarmName] = alarm;
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return found;
    }

    /// <summary>The dashboard's document, or null.</summary>
    public async Task<string?> DashboardAsync(CancellationToken cancellationToken) =>
        (await AwsErrors.UnlessMissingAsync<GetDashboardResponse>(async () =>
            await clients.CloudWatch.GetDashboardAsync(new GetDashboardRequest { DashboardName = names.Dashboard }, cancellationToken)))?.DashboardBody;

    /// <summary>The log group of the webheads, or null.</summary>
    public async Task<LogGroup?> LogsAsync(CancellationToken cancellationToken) =>
        (await clients.Logs.DescribeLogGroupsAsync(new DescribeLogGroupsRequest { LogGroupNamePrefix = names.WebheadLogs }, cancellationToken))
            .LogGroups?.Find(group => group.LogGroupName == names.WebheadLogs);

    /// <summary>The tags of an alarm.</summary>
    public async Task<IReadOnlyDictionary<string, string>> TagsOfAsync(MetricAlarm alarm, CancellationToken cancellationToken)
    {
        var answer = await clients.CloudWatch.ListTagsForResourceAsync(new Amazon.CloudWatch.Model.ListTagsForResourceRequest { ResourceARN = alarm.AlarmArn }, cancellationToken);
        return (answer.Tags ?? []).ToDictionary(tag => tag.Key, tag => tag.Value);
    }

    /// <summary>The tags of a log group.</summary>
    public async Task<IReadOnlyDictionary<string, string>> TagsOfAsync(LogGroup group, CancellationToken cancellationToken)
    {
        // With the star at its end, the ARN is that of the group's streams.
        var request = new Amazon.CloudWatchLogs.Model.ListTagsForResourceRequest { ResourceArn = group.Arn.EndsWith(":*", StringComparison.Ordinal) ? group.Arn[..^2] : group.Arn };
        return (await clients.Logs.ListTagsForResourceAsync(request, cancellationToken)).Tags ?? [];
    }
}
