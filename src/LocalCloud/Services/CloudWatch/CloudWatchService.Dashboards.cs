using System.Text.Json;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.CloudWatch;

/// <summary>The operations of dashboards, and those of tags.</summary>
internal sealed partial class CloudWatchService
{
    private ApiResult PutDashboard(ApiCall call)
    {
        var (name, body) = (call.Input.Required("DashboardName"), call.Input.Required("DashboardBody"));
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) throw Invalid($"The value {name} for field DashboardName has invalid characters.");
        RequireWidgets(body);
        lock (gate)
        {
            if (!state.Dashboards.TryGetValue(name, out var dashboard)) state.Dashboards[name] = dashboard = new DashboardRecord { Name = name, Body = body };
            (dashboard.Body, dashboard.ModifiedAt) = (body, context.Time.GetUtcNow());
            foreach (var (key, value) in call.Input.Tags("Tags")) dashboard.Tags[key] = value;
            Save();
        }

        return new JsonObject { ["DashboardValidationMessages"] = new JsonArray() };
    }

    private ApiResult GetDashboard(ApiCall call)
    {
        var name = call.Input.Required("DashboardName");
        lock (gate)
        {
            var dashboard = state.Dashboards.GetValueOrDefault(name) ?? throw new AwsException("ResourceNotFound", $"Dashboard {name} does not exist", 404);
            return new JsonObject { ["DashboardName"] = name, ["DashboardArn"] = DashboardArn(name), ["DashboardBody"] = dashboard.Body };
        }
    }

    private ApiResult ListDashboards(ApiCall call)
    {
        var prefix = call.Input.Text("DashboardNamePrefix") ?? "";
        lock (gate)
        {
            return new JsonObject
            {
                ["DashboardEntries"] = state.Dashboards.Values.Where(dashboard => dashboard.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(dashboard => new JsonObject
                {
                    ["DashboardName"] = dashboard.Name,
                    ["DashboardArn"] = DashboardArn(dashboard.Name),
                    ["LastModified"] = dashboard.ModifiedAt.ToTimestamp(),
                    ["Size"] = dashboard.Body.Length,
                }).ToJson(),
            };
        }
    }

    private ApiResult DeleteDashboards(ApiCall call)
    {
        var names = call.Input.Texts("DashboardNames");
        lock (gate)
        {
            if (names.Find(name => !state.Dashboards.ContainsKey(name)) is { } missing) throw new AwsException("ResourceNotFound", $"Dashboard {missing} does not exist", 404);
            foreach (var name in names) state.Dashboards.Remove(name);
            Save();
        }

        return ApiResult.Empty;
    }

    private ApiResult TagResource(ApiCall call)
    {
        lock (gate)
        {
            var tags = TagsOf(call.Input.Required("ResourceARN"));
            foreach (var (key, value) in call.Input.Tags("Tags")) tags[key] = value;
            Save();
        }

        return ApiResult.Empty;
    }

    private ApiResult UntagResource(ApiCall call)
    {
        lock (gate)
        {
            var tags = TagsOf(call.Input.Required("ResourceARN"));
            foreach (var key in call.Input.Texts("TagKeys")) tags.Remove(key);
            Save();
        }

        return ApiResult.Empty;
    }

    private ApiResult ListTagsForResource(ApiCall call)
    {
        lock (gate) return new JsonObject { ["Tags"] = TagsOf(call.Input.Required("ResourceARN")).ToTags() };
    }

    private SortedDictionary<string, string> TagsOf(string arn) =>
        state.Alarms.Values.FirstOrDefault(alarm => AlarmArn(alarm.Name) == arn)?.Tags
        ?? state.Dashboards.Values.FirstOrDefault(dashboard => DashboardArn(dashboard.Name) == arn)?.Tags
        ?? throw new AwsException("ResourceNotFoundException", $"There is no {arn}.", 404);

    private static void RequireWidgets(string body)
    {
        try
        {
            if (JsonNode.Parse(body) is not JsonObject root || root["widgets"] is not JsonArray widgets) throw Invalid("The field DashboardBody must be a JSON object with widgets.");
            for (var i = 0; i < widgets.Count; i++)
            {
                if (widgets[i] is not JsonObject widget || (string?)widget["type"] is not ("metric" or "text" or "log" or "alarm" or "explorer" or "custom") || widget["properties"] is not JsonObject)
                    throw Invalid($"/widgets/{i}: a widget has a type and properties.");
            }
        }
        catch (JsonException wrong)
        {
            throw Invalid($"The field DashboardBody must be a valid JSON object: {wrong.Message}");
        }
    }

    private string DashboardArn(string name) => $"arn:aws:cloudwatch::{context.AccountId}:dashboard/{name}";

    private static AwsException Invalid(string message) => new("InvalidParameterInput", message);
}
