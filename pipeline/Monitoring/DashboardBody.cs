using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncStorage.Pipeline.Roles;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Monitoring;

/// <summary>What the dashboard shows: alarms, traffic, the webheads, databases, cache.</summary>
internal static class DashboardBody
{
    private const int Columns = 24;
    private const int WidgetWidth = 8;
    private const int WidgetHeight = 6;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document, on one line.</summary>
    public static string Of(EnvironmentSettings settings, ClusterNames names, Arns arns)
    {
        JsonObject Show(string title, string statistic, params JsonArray[] metrics) => Widget("metric", new JsonObject
        {
            ["title"] = title,
            ["region"] = arns.Region,
            ["stat"] = statistic,
            ["period"] = 60,
            ["view"] = "timeSeries",
            ["metrics"] = new JsonArray([.. metrics]),
        });
        JsonArray Balancer(string metric, string? statistic = null) => Metric("AWS/ELB", metric, "LoadBalancerName", names.LoadBalancer, statistic);
        JsonArray Webheads(string metric, string statistic) =>
            [new JsonObject { ["expression"] = $"SEARCH('{{{names.MetricNamespace},InstanceId}} MetricName=\"{metric}\"', '{statistic}', 60)", ["label"] = "" }];
        JsonArray[] Databases(string metric) => [.. settings.RdsNodes.Select(node => Metric("AWS/RDS", metric, "DBInstanceIdentifier", names.Database(node)))];

        List<JsonObject> widgets =
        [
            Show("Requests", "Sum", Balancer("RequestCount"), Balancer("HTTPCode_Backend_4XX")),
            Show("Errors", "Sum", Balancer("HTTPCode_Backend_5XX"), Balancer("HTTPCode_ELB_5XX")),
            Show("Latency", "p95", Balancer("Latency", "p50"), Balancer("Latency", "p95"), Balancer("Latency", "p99")),
            Show("Webheads in service", "Maximum", Balancer("HealthyHostCount"), Balancer("UnHealthyHostCount")),
            Show("Processors of webheads", "Average", Webheads("ProcessorPercent", "Average")),
            Show("Memory of webheads", "Average", Webheads("MemoryPercent", "Average")),
            Show("Requests of webheads", "Sum", Webheads("Requests", "Sum")),
            Show("Disks of webheads", "Maximum", Webheads("DiskPercent", "Maximum")),
            Show("Connections to databases", "Maximum", Databases("DatabaseConnections")),
            Show("Free storage of databases", "Minimum", Databases("FreeStorageSpace")),
            Show("Processors of databases", "Average", Databases("CPUUtilization")),
            Show("Cache", "Sum", Metric("AWS/ElastiCache", "Evictions", "CacheClusterId", names.Cache), Metric("AWS/ElastiCache", "CurrItems", "CacheClusterId", names.Cache, "Average")),
        ];
        for (var i = 0; i < widgets.Count; i++)
        {
            var column = i * WidgetWidth % Columns;
            Place(widgets[i], column, 3 + (i * WidgetWidth / Columns * WidgetHeight), WidgetWidth, WidgetHeight);
        }

        var alarms = Widget("alarm", new JsonObject
        {
            ["title"] = $"Alarms of {names.Cluster}",
            ["alarms"] = new JsonArray([.. DesiredAlarm.All(settings, names).Select(alarm => JsonValue.Create(arns.Regional("cloudwatch", $"alarm:{alarm.Name}")))]),
        });
        Place(alarms, 0, 0, Columns, 3);
        return new JsonObject { ["widgets"] = new JsonArray([alarms, .. widgets]) }.ToJsonString(Compact);
    }

    private static JsonArray Metric(string space, string name, string dimension, string value, string? statistic = null)
    {
        JsonArray metric = [space, name, dimension, value];
        if (statistic is not null) metric.Add(new JsonObject { ["stat"] = statistic });
        return metric;
    }

    private static JsonObject Widget(string type, JsonObject properties) => new() { ["type"] = type, ["properties"] = properties };

    private static void Place(JsonObject widget, int x, int y, int width, int height) =>
        (widget["x"], widget["y"], widget["width"], widget["height"]) = (x, y, width, height);
}
