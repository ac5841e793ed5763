using System.Net;
using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;
using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Tests.Aws;
using SyncStorage.Pipeline.Tests.Rollout;

namespace SyncStorage.Pipeline.Tests.Monitoring;

/// <summary>Alarms, dashboards and log groups in memory.</summary>
internal sealed class FakeCloudWatch : NoClients
{
    private readonly Dictionary<string, List<Amazon.CloudWatch.Model.Tag>> tags = [];

    public FakeCloudWatch()
    {
        CloudWatch = (IAmazonCloudWatch)FakeFleetCloud.Calls.To(typeof(IAmazonCloudWatch), Answer);
        Logs = (IAmazonCloudWatchLogs)FakeFleetCloud.Calls.To(typeof(IAmazonCloudWatchLogs), Answer);
    }

    public override IAmazonCloudWatch CloudWatch { get; }

    public override IAmazonCloudWatchLogs Logs { get; }

    /// <summary>The calls so far, by name.</summary>
    public List<string> Calls { get; } = [];

    public SortedDictionary<string, MetricAlarm> Alarms { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Dashboards { get; } = [];

    public Dictionary<string, LogGroup> Groups { get; } = [];

    public Dictionary<string, Dictionary<string, string>> GroupTags { get; } = [];

    /// <summary>Pages of events that are still to be given, by who asks first.</summary>
    public Queue<FilterLogEventsResponse> Pages { get; } = new();

    public List<FilterLogEventsRequest> Asked { get; } = [];

    /// <summary>The name of the first alarm is somebody else's.</summary>
    public void Disown(string alarm) => tags[alarm] = [];

    public void Ring(string alarm, string reason, DateTime? since = null) =>
        (Alarms[alarm].StateValue, Alarms[alarm].StateReason, Alarms[alarm].StateTransitionedTimestamp) = (StateValue.ALARM, reason, since);

    private object Answer(object request)
    {
        Calls.Add(request.GetType().Name[..^"Request".Length]);
        switch (request)
        {
            case DescribeAlarmsRequest describe:
                return new DescribeAlarmsResponse
                {
                    MetricAlarms = [.. Alarms.Values.Where(alarm => describe.AlarmNames?.Contains(alarm.AlarmName) ?? alarm.AlarmName.StartsWith(describe.AlarmNamePrefix, StringComparison.Ordinal))
                        .Where(alarm => describe.StateValue is null || alarm.StateValue == describe.StateValue)],
                };
            case PutMetricAlarmRequest put:
                if (put.Tags is not null) tags.TryAdd(put.AlarmName, put.Tags);
                Alarms[put.AlarmName] = Alarm(put);
                return new PutMetricAlarmResponse();
            case DeleteAlarmsRequest delete:
                foreach (var name in delete.AlarmNames) Alarms.Remove(name);
                return new DeleteAlarmsResponse();
            case Amazon.CloudWatch.Model.ListTagsForResourceRequest list:
                return new Amazon.CloudWatch.Model.ListTagsForResourceResponse { Tags = tags.GetValueOrDefault(list.ResourceARN.Split(":alarm:")[1], []) };
            case GetDashboardRequest get:
                return Dashboards.TryGetValue(get.DashboardName, out var body) ? new GetDashboardResponse { DashboardBody = body } : throw Missing();
            case PutDashboardRequest put:
                Dashboards[put.DashboardName] = put.DashboardBody;
                return new PutDashboardResponse();
            case DeleteDashboardsRequest delete:
                if (!Dashboards.Remove(delete.DashboardNames[0])) throw Missing();
                return new DeleteDashboardsResponse();
            case DescribeLogGroupsRequest describe:
                return new DescribeLogGroupsResponse { LogGroups = [.. Groups.Values.Where(group => group.LogGroupName.StartsWith(describe.LogGroupNamePrefix, StringComparison.Ordinal))] };
            case CreateLogGroupRequest create:
                Groups[create.LogGroupName] = new LogGroup { LogGroupName = create.LogGroupName, Arn = $"arn:aws:logs:eu-west-1:1:log-group:{create.LogGroupName}:*" };
                GroupTags[create.LogGroupName] = create.Tags;
                return new CreateLogGroupResponse();
            case PutRetentionPolicyRequest keep:
                Groups[keep.LogGroupName].RetentionInDays = keep.RetentionInDays;
                return new PutRetentionPolicyResponse();
            case DeleteLogGroupRequest delete:
                Groups.Remove(delete.LogGroupName);
                return new DeleteLogGroupResponse();
            case Amazon.CloudWatchLogs.Model.ListTagsForResourceRequest list:
                return new Amazon.CloudWatchLogs.Model.ListTagsForResourceResponse { Tags = GroupTags[list.ResourceArn.Split(":log-group:")[1]] };
            case FilterLogEventsRequest filter:
                Asked.Add(new FilterLogEventsRequest { StartTime = filter.StartTime, FilterPattern = filter.FilterPattern, NextToken = filter.NextToken });
                return Pages.Count > 0 ? Pages.Dequeue() : throw new OperationCanceledException();
            default:
                throw new NotSupportedException(request.GetType().Name);
        }
    }

    private static AmazonCloudWatchException Missing() => new("no", null, ErrorType.Sender, "ResourceNotFound", "r", HttpStatusCode.NotFound);

    private static MetricAlarm Alarm(PutMetricAlarmRequest put) => new()
    {
        AlarmName = put.AlarmName,
        AlarmArn = $"arn:aws:cloudwatch:eu-west-1:1:alarm:{put.AlarmName}",
        AlarmDescription = put.AlarmDescription,
        ActionsEnabled = put.ActionsEnabled,
        AlarmActions = put.AlarmActions is { Count: > 0 } ? put.AlarmActions : null,
        OKActions = put.OKActions is { Count: > 0 } ? put.OKActions : null,
        ComparisonOperator = put.ComparisonOperator,
        Threshold = put.Threshold,
        EvaluationPeriods = put.EvaluationPeriods,
        DatapointsToAlarm = put.DatapointsToAlarm,
        TreatMissingData = put.TreatMissingData,
        Metrics = put.Metrics,
        StateValue = StateValue.OK,
    };
}
