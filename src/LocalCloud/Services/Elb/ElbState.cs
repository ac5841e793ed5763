using System.Text.Json.Serialization;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>What the load balancer service keeps across restarts.</summary>
internal sealed class ElbState
{
    public SortedDictionary<string, LoadBalancerRecord> LoadBalancers { get; set; } = new(StringComparer.Ordinal);
}

/// <summary>One load balancer as configured.</summary>
internal sealed class LoadBalancerRecord
{
    public required string Name { get; set; }

    public required string DnsName { get; set; }

    public required string Scheme { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public List<ListenerRecord> Listeners { get; set; } = [];

    /// <summary>The policies on TLS that it has: their names, and which of AWS's each refers to.</summary>
    public SortedDictionary<string, string> TlsPolicies { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Which of these a port uses, for the ports with TLS.</summary>
    public SortedDictionary<int, string> TlsPolicyOfPort { get; set; } = [];

    public List<string> Zones { get; set; } = [];

    public List<string> Subnets { get; set; } = [];

    public List<string> SecurityGroups { get; set; } = [];

    public required HealthCheckRecord HealthCheck { get; set; }

    public AttributesRecord Attributes { get; set; } = new();

    public SortedDictionary<string, string> Tags { get; set; } = new(StringComparer.Ordinal);

    public List<RegistrationRecord> Instances { get; set; } = [];
}

/// <param name="Protocol">What clients speak: <c>HTTP</c>, <c>HTTPS</c>, <c>TCP</c>, <c>SSL</c>.</param>
/// <param name="LoadBalancerPort">The port that clients use.</param>
/// <param name="InstanceProtocol">What instances speak: <c>HTTP</c>, <c>HTTPS</c> or <c>TCP</c>.</param>
/// <param name="InstancePort">The port of instances.</param>
/// <param name="CertificateId">The certificate's ARN; null without TLS.</param>
internal sealed record ListenerRecord(string Protocol, int LoadBalancerPort, string InstanceProtocol, int InstancePort, string? CertificateId = null)
{
    [JsonIgnore]
    public bool IsTls => Protocol is "HTTPS" or "SSL";
}

/// <param name="Target">E.g. <c>HTTP:8000/__heartbeat__</c> or <c>TCP:8000</c>.</param>
/// <param name="IntervalSeconds">From the start of one probe to the next.</param>
/// <param name="TimeoutSeconds">How long a probe may take.</param>
/// <param name="UnhealthyThreshold">Consecutive failures that take an instance out.</param>
/// <param name="HealthyThreshold">Consecutive passes that bring it in.</param>
internal sealed record HealthCheckRecord(string Target, int IntervalSeconds, int TimeoutSeconds, int UnhealthyThreshold, int HealthyThreshold);

/// <summary>The attributes, with the defaults of AWS's API (not those of its console, which turns draining on).</summary>
internal sealed record AttributesRecord
{
    public bool CrossZone { get; init; }

    public bool AccessLog { get; init; }

    public string? AccessLogBucket { get; init; }

    public string? AccessLogPrefix { get; init; }

    public int AccessLogIntervalMinutes { get; init; } = 60;

    public bool Draining { get; init; }

    public int DrainTimeoutSeconds { get; init; } = 300;

    public int IdleTimeoutSeconds { get; init; } = 60;

    public string DesyncMitigationMode { get; init; } = "defensive";
}

/// <summary>A registered instance, with the last verdict so that a restart of LocalCloud does not take it out.</summary>
internal sealed class RegistrationRecord
{
    public required string InstanceId { get; set; }

    public bool InService { get; set; }

    /// <summary>It is being deregistered; it is gone after the next restart.</summary>
    public bool Draining { get; set; }
}
