using System.Globalization;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Instances;

/// <summary>The script that tells an instance who it is. It holds no secret.</summary>
public static class ServiceUserData
{
    /// <summary>For an instance of the role (and a boot test): its service starts.</summary>
    public static string Serving(ServiceRole role, EnvironmentSettings settings, string bucket, AwsTarget target) => Script(role, settings, bucket, target, start: true);

    /// <summary>For a one-off admin instance: only the admin commands are used.</summary>
    public static string Admin(ServiceRole role, EnvironmentSettings settings, string bucket, AwsTarget target) => Script(role, settings, bucket, target, start: false);

    private static string Script(ServiceRole role, EnvironmentSettings settings, string bucket, AwsTarget target, bool start)
    {
        ArgumentNullException.ThrowIfNull(role);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(target);
        List<(string Name, string Value)> variables =
        [
            ("SYNCSTORAGE_CLUSTER", settings.Cluster), ("SYNCSTORAGE_BUCKET", bucket), ("SYNCSTORAGE_ADDRESS", InstanceScript.OwnAddress),
            ("SYNCSTORAGE_PORT", Text(settings.Webheads.Port)),
        ];
        if (settings.SpeaksTlsToWebheads) variables.Add(("SYNCSTORAGE_TLS", "on"));
        variables.Add(("AWS_REGION", target.Region));
        if (start && settings.Monitoring is { } wanted)
        {
            var names = new ClusterNames(settings.Cluster);
            variables.AddRange(
            [
                ("SYNCSTORAGE_INSTANCE", InstanceScript.OwnId), ("SYNCSTORAGE_METRICS_NAMESPACE", names.MetricNamespace),
                ("SYNCSTORAGE_METRICS_SECONDS", Text(wanted.IntervalSeconds)), ("SYNCSTORAGE_LOG_GROUP", names.WebheadLogs),
            ]);
        }

        if (start && settings.Otlp is { } otlp)
        {
            variables.AddRange(
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", otlp.Endpoint), ("OTEL_EXPORTER_OTLP_PROTOCOL", otlp.Protocol),
                ("OTEL_METRIC_EXPORT_INTERVAL", Text(1000 * otlp.IntervalSeconds)),
            ]);
        }

        return InstanceScript.Make(role, variables, start);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
