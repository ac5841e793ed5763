using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.ElastiCache;

/// <summary>Writes the service's records as the model's structures.</summary>
internal sealed class ElastiCacheShapes(CloudContext context)
{
    public string Arn(string kind, string name) => $"arn:aws:elasticache:{context.Region}:{context.AccountId}:{kind}:{name}";

    public JsonObject Describe(ClusterRecord record, bool withNodes)
    {
        var zones = record.Nodes.Select(node => node.Zone).Distinct(StringComparer.Ordinal).ToList();
        var description = new JsonObject
        {
            ["CacheClusterId"] = record.Id,
            ["ARN"] = Arn("cluster", record.Id),
            ["ClientDownloadLandingPage"] = $"https://console.aws.amazon.com/elasticache/home?region={context.Region}#client-download:",
            ["CacheNodeType"] = record.NodeType,
            ["Engine"] = "memcached",
            ["EngineVersion"] = record.EngineVersion,
            ["CacheClusterStatus"] = record.Status,
            ["NumCacheNodes"] = record.Nodes.Count,
            ["PreferredAvailabilityZone"] = zones.Count == 1 ? zones[0] : "Multiple",
            ["CacheClusterCreateTime"] = record.CreatedAt.ToTimestamp(),
            ["PreferredMaintenanceWindow"] = record.MaintenanceWindow,
            ["PendingModifiedValues"] = Pending(record),
            ["CacheSecurityGroups"] = new JsonArray(),
            ["CacheParameterGroup"] = new JsonObject
            {
                ["CacheParameterGroupName"] = record.ParameterGroup,
                ["ParameterApplyStatus"] = record.NodesToReboot.Count > 0 ? "pending-reboot" : "in-sync",
                ["CacheNodeIdsToReboot"] = record.NodesToReboot.ToJson(),
            },
            ["CacheSubnetGroupName"] = record.SubnetGroup,
            ["AutoMinorVersionUpgrade"] = record.AutoMinorVersionUpgrade,
            ["SecurityGroups"] = record.SecurityGroups.Select(id => new JsonObject { ["SecurityGroupId"] = id, ["Status"] = "active" }).ToJson(),
            ["AtRestEncryptionEnabled"] = false,
            ["TransitEncryptionEnabled"] = false,
            ["AuthTokenEnabled"] = false,
            ["ReplicationGroupLogDeliveryEnabled"] = false,
            ["LogDeliveryConfigurations"] = new JsonArray(),
            ["NetworkType"] = "ipv4",
            ["IpDiscovery"] = "ipv4",
        };
        if (record.NotificationTopic is { } topic) description["NotificationConfiguration"] = new JsonObject { ["TopicArn"] = topic, ["TopicStatus"] = "active" };

        // AWS gives an endpoint once there is something behind it.
        if (record.Status is not "creating") description["ConfigurationEndpoint"] = Endpoint(record.ConfigurationAddress, record.Port);
        if (withNodes) description["CacheNodes"] = record.Nodes.Select(node => Describe(node, record)).ToJson();
        return description;
    }

    public JsonObject Describe(CacheSubnetGroupRecord group) => new()
    {
        ["CacheSubnetGroupName"] = group.Name,
        ["CacheSubnetGroupDescription"] = group.Description,
        ["VpcId"] = CloudContext.VpcId,
        ["Subnets"] = group.Subnets.Select(id => new JsonObject
        {
            ["SubnetIdentifier"] = id,
            ["SubnetAvailabilityZone"] = new JsonObject { ["Name"] = ZoneOf(id) },
            ["SupportedNetworkTypes"] = new JsonArray("ipv4"),
        }).ToJson(),
        ["ARN"] = Arn("subnetgroup", group.Name),
        ["SupportedNetworkTypes"] = new JsonArray("ipv4"),
    };

    public JsonObject Describe(ParameterGroupRecord group) => new()
    {
        ["CacheParameterGroupName"] = group.Name,
        ["CacheParameterGroupFamily"] = group.Family,
        ["Description"] = group.Description,
        ["IsGlobal"] = false,
        ["ARN"] = Arn("parametergroup", group.Name),
    };

    public static JsonObject Describe(MemcachedParameter parameter, ParameterGroupRecord group) => new()
    {
        ["ParameterName"] = parameter.Name,
        ["ParameterValue"] = MemcachedParameters.Value(group.Values, parameter.Name),
        ["Source"] = group.Values.ContainsKey(parameter.Name) ? "user" : "system",
        ["DataType"] = parameter.Type,
        ["AllowedValues"] = parameter.Allowed,
        ["IsModifiable"] = parameter.Modifiable,
        ["MinimumEngineVersion"] = "1.6.6",
        ["ChangeType"] = parameter.Immediate ? "immediate" : "requires-reboot",
    };

    public string ZoneOf(string subnetId) => context.Zones[CloudContext.SubnetIds.ToList().IndexOf(subnetId)];

    private static JsonObject Describe(CacheNodeRecord node, ClusterRecord record)
    {
        var description = new JsonObject
        {
            ["CacheNodeId"] = node.Id,
            ["CacheNodeStatus"] = node.Status,
            ["CacheNodeCreateTime"] = node.CreatedAt.ToTimestamp(),
            ["ParameterGroupStatus"] = record.NodesToReboot.Contains(node.Id, StringComparer.Ordinal) ? "pending-reboot" : "in-sync",
            ["CustomerAvailabilityZone"] = node.Zone,
        };
        if (node.Status is not "creating") description["Endpoint"] = Endpoint(node.Address, record.Port);
        return description;
    }

    private static JsonObject Pending(ClusterRecord record)
    {
        var pending = new JsonObject();
        if (record.PendingNodeCount is { } count) pending["NumCacheNodes"] = count;
        if (record.PendingRemovals.Count > 0) pending["CacheNodeIdsToRemove"] = record.PendingRemovals.ToJson();
        return pending;
    }

    private static JsonObject Endpoint(string address, int port) => new() { ["Address"] = address, ["Port"] = port };
}
