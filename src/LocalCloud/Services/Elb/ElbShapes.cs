using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>Writes the service's records as the model's structures.</summary>
internal static class ElbShapes
{
    /// <summary>The hosted zone of classic load balancers in us-east-1; AWS publishes one a region.</summary>
    public const string HostedZoneId = "Z35SXDOTRQ7X7K";

    public static JsonObject Describe(LoadBalancerRecord record, IReadOnlyList<string> instanceIds, string accountId, Func<string, string?> groupName)
    {
        var description = new JsonObject
        {
            ["LoadBalancerName"] = record.Name,
            ["DNSName"] = record.DnsName,
            ["CanonicalHostedZoneName"] = record.DnsName,
            ["CanonicalHostedZoneNameID"] = HostedZoneId,
            ["ListenerDescriptions"] = record.Listeners.Select(listener => Describe(listener, record.TlsPolicyOfPort.GetValueOrDefault(listener.LoadBalancerPort))).ToJson(),
            ["Policies"] = new JsonObject
            {
                ["AppCookieStickinessPolicies"] = new JsonArray(),
                ["LBCookieStickinessPolicies"] = new JsonArray(),
                ["OtherPolicies"] = record.TlsPolicies.Keys.ToJson(),
            },
            ["BackendServerDescriptions"] = new JsonArray(),
            ["AvailabilityZones"] = record.Zones.ToJson(),
            ["Subnets"] = record.Subnets.ToJson(),
            ["VPCId"] = CloudContext.VpcId,
            ["Instances"] = Instances(instanceIds),
            ["HealthCheck"] = Describe(record.HealthCheck),
            ["SecurityGroups"] = record.SecurityGroups.ToJson(),
            ["CreatedTime"] = record.CreatedAt.ToTimestamp(),
            ["Scheme"] = record.Scheme,
        };
        if (record.SecurityGroups is [var first, ..])
            description["SourceSecurityGroup"] = new JsonObject { ["OwnerAlias"] = accountId, ["GroupName"] = groupName(first) ?? first };
        return description;
    }

    public static JsonObject Describe(HealthCheckRecord check) => new()
    {
        ["Target"] = check.Target,
        ["Interval"] = check.IntervalSeconds,
        ["Timeout"] = check.TimeoutSeconds,
        ["UnhealthyThreshold"] = check.UnhealthyThreshold,
        ["HealthyThreshold"] = check.HealthyThreshold,
    };

    public static JsonObject Describe(AttributesRecord attributes)
    {
        var log = new JsonObject { ["Enabled"] = attributes.AccessLog };
        if (attributes.AccessLog)
        {
            log["S3BucketName"] = attributes.AccessLogBucket;
            log["S3BucketPrefix"] = attributes.AccessLogPrefix ?? "";
            log["EmitInterval"] = attributes.AccessLogIntervalMinutes;
        }

        return new JsonObject
        {
            ["CrossZoneLoadBalancing"] = new JsonObject { ["Enabled"] = attributes.CrossZone },
            ["AccessLog"] = log,
            ["ConnectionDraining"] = new JsonObject { ["Enabled"] = attributes.Draining, ["Timeout"] = attributes.DrainTimeoutSeconds },
            ["ConnectionSettings"] = new JsonObject { ["IdleTimeout"] = attributes.IdleTimeoutSeconds },
            ["AdditionalAttributes"] = new JsonArray(new JsonObject
            {
                ["Key"] = "elb.http.desyncmitigationmode",
                ["Value"] = attributes.DesyncMitigationMode,
            }),
        };
    }

    public static JsonObject Describe(string instanceId, InstanceHealth health) => new()
    {
        ["InstanceId"] = instanceId,
        ["State"] = health.State,
        ["ReasonCode"] = health.ReasonCode,
        ["Description"] = health.Description,
    };

    /// <summary>What an account may have, as it is until somebody has it raised.</summary>
    public static JsonObject Limits()
    {
        (string Name, string Max)[] limits = [("classic-load-balancers", "20"), ("classic-listeners", "100"), ("classic-registered-instances", "1000")];
        return new JsonObject { ["Limits"] = limits.Select(limit => new JsonObject { ["Name"] = limit.Name, ["Max"] = limit.Max }).ToJson() };
    }

    public static JsonArray Instances(IEnumerable<string> ids) => ids.Select(id => new JsonObject { ["InstanceId"] = id }).ToJson();

    /// <summary>A policy on TLS: what it refers to, and the protocols that this means.</summary>
    public static JsonObject Describe(string policyName, string reference) => new()
    {
        ["PolicyName"] = policyName,
        ["PolicyTypeName"] = TlsPolicies.TypeName,
        ["PolicyAttributeDescriptions"] = TlsPolicies.Attributes(reference)
            .Select(attribute => new JsonObject { ["AttributeName"] = attribute.Name, ["AttributeValue"] = attribute.Value }).ToJson(),
    };

    private static JsonObject Describe(ListenerRecord listener, string? policy)
    {
        var described = new JsonObject
        {
            ["Protocol"] = listener.Protocol,
            ["LoadBalancerPort"] = listener.LoadBalancerPort,
            ["InstanceProtocol"] = listener.InstanceProtocol,
            ["InstancePort"] = listener.InstancePort,
        };
        if (listener.CertificateId is { } certificate) described["SSLCertificateId"] = certificate;
        return new JsonObject { ["Listener"] = described, ["PolicyNames"] = policy is null ? new JsonArray() : new JsonArray(policy) };
    }
}
