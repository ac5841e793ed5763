using SyncStorage.LocalCloud.Security.Policies;
using SyncStorage.LocalCloud.Services;

namespace SyncStorage.LocalCloud.Security.Access;

/// <summary>What CloudWatch and CloudWatch Logs ask: about alarms, dashboards, log groups and streams by their names.</summary>
internal static class MonitoringAccess
{
    public static IEnumerable<AccessQuestion> OfCloudWatch(AccessKeys call)
    {
        var action = $"cloudwatch:{call.Call.Operation}";
        var tags = call.Input.Tags("Tags");
        switch (call.Call.Operation)
        {
            case "PutMetricData":
                return [call.Ask(action, "*", more: new Dictionary<string, string> { ["cloudwatch:namespace"] = call.Input.Text("Namespace") ?? "" })];
            case "PutMetricAlarm" or "SetAlarmState":
                var alarm = call.Arn("cloudwatch", $"alarm:{call.Input.Text("AlarmName")}");
                return [call.Ask(action, alarm, requested: tags), .. tags.Count > 0 ? [call.Ask("cloudwatch:TagResource", alarm, requested: tags)] : Array.Empty<AccessQuestion>()];
            case "DeleteAlarms":
                return call.Input.Texts("AlarmNames").Select(name => call.Ask(action, call.Arn("cloudwatch", $"alarm:{name}")));
            case "DescribeAlarms":
                return [call.Ask(action, call.Arn("cloudwatch", "alarm:*"))];
            case "PutDashboard" or "GetDashboard":
                return [call.Ask(action, Dashboard(call, call.Input.Text("DashboardName")))];
            case "DeleteDashboards":
                return call.Input.Texts("DashboardNames").Select(name => call.Ask(action, Dashboard(call, name)));
            case "TagResource" or "UntagResource" or "ListTagsForResource":
                return [call.Ask(action, call.Input.Text("ResourceARN") ?? "*", requested: tags)];
            default:
                return [call.Ask(action, "*")];
        }
    }

    public static IEnumerable<AccessQuestion> OfLogs(AccessKeys call)
    {
        var action = $"logs:{call.Call.Operation}";
        if (call.Input.Text("resourceArn") is { } arn) return [call.Ask(action, arn)];
        var group = call.Arn("logs", $"log-group:{call.Input.Text("logGroupName") ?? "*"}");
        return (call.Call.Operation, call.Input.Text("logStreamName")) switch
        {
            ("CreateLogStream" or "PutLogEvents" or "GetLogEvents", { } stream) => [call.Ask(action, $"{group}:log-stream:{stream}")],
            ("CreateLogGroup", _) when call.Input.Structure("tags") is { Count: > 0 } => [call.Ask(action, group), call.Ask("logs:TagResource", group)],
            _ => [call.Ask(action, group)],
        };
    }

    // A dashboard belongs to the account, in all regions.
    private static string Dashboard(AccessKeys call, string? name) => $"arn:aws:cloudwatch::{call.Call.Caller.Arn.Split(':')[4]}:dashboard/{name}";
}
