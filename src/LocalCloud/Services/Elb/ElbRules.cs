using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>What AWS accepts; pure.</summary>
internal static class ElbRules
{
    private const int MaxTags = 50;
    private static readonly HashSet<string> WebProtocols = ["HTTP", "HTTPS"];

    public static string Name(string name)
    {
        if (name.Length > 32) throw ElbErrors.Validation("LoadBalancer name cannot be longer than 32 characters");
        if (name.Length == 0 || name[0] == '-' || name[^1] == '-' || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            throw ElbErrors.Validation("LoadBalancer name must contain only alphanumeric characters or hyphens, and not start or end with a hyphen");
        return name;
    }

    public static List<ListenerRecord> Listeners(IReadOnlyList<JsonObject> listeners)
    {
        if (listeners.Count == 0) throw ElbErrors.Validation("Listeners cannot be empty");
        List<ListenerRecord> parsed = [.. listeners.Select(Listener)];
        var twice = parsed.GroupBy(listener => listener.LoadBalancerPort).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? parsed : throw ElbErrors.DuplicateListener(twice.Key);
    }

    public static HealthCheckRecord HealthCheck(JsonObject check)
    {
        var target = check.Required("Target");
        if (HealthTarget.TryParse(target) is null) throw ElbErrors.Validation("HealthCheck HTTP Target must specify a port followed by a path that begins with a slash. e.g. HTTP:80/ping/this/path");
        var record = new HealthCheckRecord(target, Within("Interval", 5, 300), Within("Timeout", 2, 60), Within("UnhealthyThreshold", 2, 10), Within("HealthyThreshold", 2, 10));
        return record.TimeoutSeconds < record.IntervalSeconds ? record : throw ElbErrors.Validation("HealthCheck timeout must be less than interval");

        int Within(string name, int min, int max) => check.Number(name) is { } value && value >= min && value <= max
            ? value
            : throw ElbErrors.Validation($"HealthCheck {name} must be between {min} and {max}");
    }

    /// <summary>What a load balancer checks until it is told: its first listener's instance port, by TCP.</summary>
    public static HealthCheckRecord DefaultHealthCheck(ListenerRecord first) => new($"TCP:{first.InstancePort}", 30, 5, 2, 10);

    public static AttributesRecord Attributes(AttributesRecord current, JsonObject change)
    {
        if (change.Structure("CrossZoneLoadBalancing")?.Flag("Enabled") is { } crossZone) current = current with { CrossZone = crossZone };
        if (change.Structure("ConnectionDraining") is { } draining)
        {
            current = current with { Draining = draining.Flag("Enabled") ?? false, DrainTimeoutSeconds = draining.Number("Timeout") ?? current.DrainTimeoutSeconds };
            if (current.DrainTimeoutSeconds is < 1 or > 3600) throw ElbErrors.Validation("ConnectionDraining timeout must be between 1 and 3600 seconds");
        }

        if (change.Structure("ConnectionSettings")?.Number("IdleTimeout") is { } idle)
            current = idle is >= 1 and <= 4000 ? current with { IdleTimeoutSeconds = idle } : throw ElbErrors.Validation("ConnectionSettings IdleTimeout must be between 1 and 4000 seconds");
        if (change.Structure("AccessLog") is { } log) current = AccessLog(current, log);
        foreach (var extra in change.Structures("AdditionalAttributes"))
        {
            current = (extra.Text("Key"), extra.Text("Value")) switch
            {
                ("elb.http.desyncmitigationmode", "monitor" or "defensive" or "strictest") => current with { DesyncMitigationMode = extra.Text("Value")! },
                ("elb.http.desyncmitigationmode", var value) => throw ElbErrors.InvalidConfiguration($"The value '{value}' is not valid for elb.http.desyncmitigationmode"),
                (var key, _) => throw new AwsException("LoadBalancerAttributeNotFound", $"Load balancer attribute key '{key}' is not recognized"),
            };
        }

        return current;
    }

    public static void Tags(SortedDictionary<string, string> current, IReadOnlyList<KeyValuePair<string, string>> added)
    {
        if (added.DistinctBy(tag => tag.Key, StringComparer.Ordinal).Count() < added.Count) throw ElbErrors.DuplicateTagKeys();
        if (current.Keys.Union(added.Select(tag => tag.Key), StringComparer.Ordinal).Count() > MaxTags) throw ElbErrors.TooManyTags();
    }

    public static void Subnets(IEnumerable<string> subnets)
    {
        foreach (var subnet in subnets)
        {
            if (!CloudContext.SubnetIds.Contains(subnet, StringComparer.Ordinal)) throw ElbErrors.SubnetNotFound(subnet);
        }
    }

    private static AttributesRecord AccessLog(AttributesRecord current, JsonObject log)
    {
        var enabled = log.Flag("Enabled") ?? false;
        if (enabled && log.Text("S3BucketName") is null) throw ElbErrors.InvalidConfiguration("Access log requires a S3BucketName");
        var minutes = log.Number("EmitInterval") ?? 60;
        if (minutes is not (5 or 60)) throw ElbErrors.Validation("AccessLog EmitInterval must be 5 or 60 minutes");
        return current with { AccessLog = enabled, AccessLogBucket = log.Text("S3BucketName"), AccessLogPrefix = log.Text("S3BucketPrefix"), AccessLogIntervalMinutes = minutes };
    }

    private static ListenerRecord Listener(JsonObject listener)
    {
        var protocol = Protocol(listener.Required("Protocol"));
        var instanceProtocol = Protocol(listener.Text("InstanceProtocol") ?? (protocol is "HTTP" or "HTTPS" ? "HTTP" : "TCP"));
        if (WebProtocols.Contains(protocol) != WebProtocols.Contains(instanceProtocol))
            throw ElbErrors.InvalidConfiguration("Listener protocol and instance protocol must be at the same layer: HTTP and HTTPS, or TCP and SSL");

        if (instanceProtocol is "SSL") throw new AwsException("UnsupportedProtocol", "LocalCloud speaks to instances by HTTP, HTTPS or TCP only");
        var certificate = listener.Text("SSLCertificateId");
        if (protocol is "HTTPS" or "SSL" && certificate is null) throw ElbErrors.Validation($"SSLCertificateId is required for a listener with protocol {protocol}");
        if (protocol is "HTTP" or "TCP" && certificate is not null) throw ElbErrors.InvalidConfiguration($"A listener with protocol {protocol} takes no SSLCertificateId");
        return new(protocol, Port("LoadBalancerPort"), instanceProtocol, Port("InstancePort"), certificate);

        int Port(string name) => listener.Number(name) is { } port and >= 1 and <= 65535
            ? port
            : throw ElbErrors.Validation($"{name} must be between 1 and 65535");
    }

    private static string Protocol(string text) => text.ToUpperInvariant() is var protocol and ("HTTP" or "HTTPS" or "TCP" or "SSL")
        ? protocol
        : throw new AwsException("UnsupportedProtocol", $"Listener protocol must be one of HTTP, HTTPS, TCP, SSL, not '{text}'");
}
