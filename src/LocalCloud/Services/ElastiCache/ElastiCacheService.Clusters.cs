using System.Globalization;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.ElastiCache;

/// <summary>The operations on cache clusters.</summary>
internal sealed partial class ElastiCacheService
{
    private JsonObject Create(JsonObject input)
    {
        var id = ElastiCacheRules.Identifier("CacheClusterId", input.Required("CacheClusterId"), 50);
        if (state.Clusters.ContainsKey(id)) throw ElastiCacheErrors.ClusterExists(id);
        if (input.Text("ReplicationGroupId") is { } group) throw new AwsException("ReplicationGroupNotFoundFault", $"Replication group {group} not found.", 404);
        ElastiCacheRules.Engine(input.Text("Engine"));
        var count = ElastiCacheRules.NodeCount(input.Number("NumCacheNodes"));
        var record = Parse(input, id, count);
        record.ConfigurationAddress = addresses.Lease(Owner(id, "cfg"), record.Port).ToString();
        for (var i = 0; i < count; i++) AddNode(record);
        foreach (var tag in input.Tags("Tags")) record.Tags[tag.Key] = tag.Value;
        state.Clusters.Add(id, record);
        Save();
        Attach(record).Create();
        return Answer(record);
    }

    private ClusterRecord Parse(JsonObject input, string id, int count)
    {
        var subnets = SubnetGroupFor(input.Text("CacheSubnetGroupName"));
        var zones = Zones(input, subnets, count);
        return new ClusterRecord
        {
            Id = id,
            NodeType = ElastiCacheRules.NodeType(input.Text("CacheNodeType")),
            EngineVersion = ElastiCacheRules.EngineVersion(input.Text("EngineVersion")),
            Status = "creating",
            CreatedAt = context.Time.GetUtcNow(),
            Port = ElastiCacheRules.Port(input.Number("Port")),
            CrossZone = zones.Count > 1,
            Zones = zones,
            ParameterGroup = ParameterGroup(input.Text("CacheParameterGroupName") ?? MemcachedParameters.DefaultGroup).Name,
            SubnetGroup = subnets.Name,
            SecurityGroups = SecurityGroups(input),
            MaintenanceWindow = input.Text("PreferredMaintenanceWindow") ?? "sun:05:00-sun:06:00",
            AutoMinorVersionUpgrade = input.Flag("AutoMinorVersionUpgrade") ?? true,
            NotificationTopic = input.Text("NotificationTopicArn"),
        };
    }

    /// <summary>The zones that nodes are put in, in turn.</summary>
    private List<string> Zones(JsonObject input, CacheSubnetGroupRecord subnets, int count)
    {
        List<string> offered = [.. subnets.Subnets.Select(shapes.ZoneOf)];
        var asked = input.Texts("PreferredAvailabilityZones");
        if (input.Text("PreferredAvailabilityZone") is { } one && one != "Multiple") asked = [one];
        var unknown = asked.Find(zone => !offered.Contains(zone, StringComparer.Ordinal));
        if (unknown is not null) throw ElastiCacheErrors.Value($"The cache subnet group '{subnets.Name}' has no subnet in {unknown}.");
        var crossZone = input.Text("AZMode") == "cross-az";
        if (crossZone && count == 1) throw ElastiCacheErrors.Combination("Cross-az mode requires more than one cache node.");
        if (asked.Count > 0) return asked;
        return crossZone ? offered : [offered[0]];
    }

    private List<string> SecurityGroups(JsonObject input)
    {
        if (input.Texts("CacheSecurityGroupNames") is [var name, ..]) throw new AwsException("CacheSecurityGroupNotFound", $"Cache security group {name} not found.", 404);
        var ids = input.Texts("SecurityGroupIds");
        var unknown = ids.Find(id => !securityGroups.Exists(id));
        return unknown is null ? ids : throw ElastiCacheErrors.Value($"Some security groups are invalid: {unknown}");
    }

    private CacheNodeRecord AddNode(ClusterRecord record)
    {
        var last = record.Nodes.Select(node => int.Parse(node.Id, CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();
        var id = (last + 1).ToString("D4", CultureInfo.InvariantCulture);
        var node = new CacheNodeRecord
        {
            Id = id,
            Status = "creating",
            Address = addresses.Lease(Owner(record.Id, id), record.Port).ToString(),
            Zone = record.Zones[record.Nodes.Count % record.Zones.Count],
            CreatedAt = context.Time.GetUtcNow(),
        };
        record.Nodes.Add(node);
        return node;
    }

    private JsonObject Describe(JsonObject input)
    {
        var withNodes = input.Flag("ShowCacheNodeInfo") ?? false;
        return input.Text("CacheClusterId") is not null
            ? new JsonObject { ["CacheClusters"] = new JsonArray(shapes.Describe(Find(input), withNodes)) }
            : Page(input, "CacheClusters", state.Clusters.Values, record => record.Id, record => shapes.Describe(record, withNodes));
    }

    private JsonObject Modify(JsonObject input)
    {
        var record = Available(Find(input));
        var groupIds = input.ContainsKey("SecurityGroupIds") ? SecurityGroups(input) : null;
        var parameters = input.Text("CacheParameterGroupName") is { } name ? ParameterGroup(name).Name : null;
        if (input.Text("CacheNodeType") is { } type && type != record.NodeType)
            throw ElastiCacheErrors.Combination("Scaling the node type up or down is not supported for memcached: create another cluster.");
        var version = input.Text("EngineVersion") is { } asked ? Upgrade(record.EngineVersion, asked) : record.EngineVersion;
        var immediately = input.Flag("ApplyImmediately") ?? false;
        if (version != record.EngineVersion && !immediately)
            throw ElastiCacheErrors.Combination("LocalCloud has no maintenance windows: modify the engine version with ApplyImmediately.");
        var resize = Resize(input, record);
        var zones = NewZones(input, record, resize?.Count ?? record.Nodes.Count);

        if (groupIds is { Count: > 0 }) record.SecurityGroups = groupIds;
        record.MaintenanceWindow = input.Text("PreferredMaintenanceWindow") ?? record.MaintenanceWindow;
        record.AutoMinorVersionUpgrade = input.Flag("AutoMinorVersionUpgrade") ?? record.AutoMinorVersionUpgrade;
        record.NotificationTopic = input.Text("NotificationTopicArn") ?? record.NotificationTopic;
        if (parameters is not null && parameters != record.ParameterGroup)
        {
            record.ParameterGroup = parameters;
            record.NodesToReboot = [.. record.Nodes.Select(node => node.Id)];
        }

        if (zones is not null) (record.Zones, record.CrossZone) = (Turned(zones, record.Nodes.Count), record.CrossZone || zones.Count > 1);
        ApplySize(record, resize, immediately);
        if (version != record.EngineVersion)
        {
            record.EngineVersion = version;
            record.Status = "modifying";
            lifecycles[record.Id].Reboot([.. record.Nodes]);
        }

        Save();
        return Answer(record);
    }

    private static string Upgrade(string current, string asked)
    {
        if (current == asked || current.StartsWith(asked + ".", StringComparison.Ordinal)) return current;
        return ElastiCacheRules.EngineVersion(asked);
    }

    /// <summary>The number of nodes that is asked for, and which go; null if it stays.</summary>
    private static (int Count, List<string> Removed)? Resize(JsonObject input, ClusterRecord record)
    {
        var removed = input.Texts("CacheNodeIdsToRemove");
        if (input.Number("NumCacheNodes") is not { } number)
            return removed.Count == 0 ? null : throw ElastiCacheErrors.Combination("CacheNodeIdsToRemove needs NumCacheNodes.");
        var count = ElastiCacheRules.NodeCount(number);
        var unknown = removed.Find(id => record.Nodes.TrueForAll(node => node.Id != id));
        if (unknown is not null) throw ElastiCacheErrors.NodeNotFound(unknown);
        var fewer = record.Nodes.Count - count;
        if (fewer > 0 && removed.Count != fewer)
            throw ElastiCacheErrors.Combination($"CacheNodeIdsToRemove must name {fewer} nodes to go from {record.Nodes.Count} to {count} nodes.");
        if (fewer <= 0 && removed.Count > 0) throw ElastiCacheErrors.Combination("CacheNodeIdsToRemove goes with fewer nodes only.");
        return (count, removed);
    }

    /// <summary>Where new nodes go from now on; null if that stays. Nodes that there are stay where they are.</summary>
    private List<string>? NewZones(JsonObject input, ClusterRecord record, int count)
    {
        var mode = input.Text("AZMode");
        var named = input.Texts("NewAvailabilityZones");
        if (mode == "single-az" && record.Nodes.Select(node => node.Zone).Distinct(StringComparer.Ordinal).Count() > 1)
            throw ElastiCacheErrors.Combination("The cluster has cache nodes in several Availability Zones: AZMode can't be single-az.");
        if (mode == "cross-az" && count == 1) throw ElastiCacheErrors.Combination("Cross-az mode requires more than one cache node.");
        List<string> offered = [.. state.SubnetGroups[record.SubnetGroup].Subnets.Select(shapes.ZoneOf)];
        if (named.Count == 0) return mode == "cross-az" ? [.. offered.Except(record.Zones), .. record.Zones] : null;
        if (named.Count != count - record.Nodes.Count)
            throw ElastiCacheErrors.Combination($"NewAvailabilityZones must name a zone for each of the {Math.Max(0, count - record.Nodes.Count)} new nodes.");
        var unknown = named.Find(zone => !offered.Contains(zone, StringComparer.Ordinal));
        return unknown is null ? named : throw ElastiCacheErrors.Value($"The cache subnet group '{record.SubnetGroup}' has no subnet in {unknown}.");
    }

    /// <summary>So that the first of them is the next node's.</summary>
    private static List<string> Turned(List<string> zones, int nodes) => [.. zones.Select((_, i) => zones[(i + zones.Count - nodes % zones.Count) % zones.Count])];

    private void ApplySize(ClusterRecord record, (int Count, List<string> Removed)? resize, bool immediately)
    {
        if (resize is var (count, removed))
        {
            record.PendingNodeCount = count == record.Nodes.Count ? null : count;
            record.PendingRemovals = removed;
        }

        // What waited is applied once something is to be applied immediately.
        if (!immediately || record.PendingNodeCount is not { } wanted) return;
        List<CacheNodeRecord> gone = [.. record.Nodes.Where(node => record.PendingRemovals.Contains(node.Id, StringComparer.Ordinal))];
        foreach (var node in gone) node.Status = "removing";
        List<CacheNodeRecord> added = [];
        while (record.Nodes.Count < wanted) added.Add(AddNode(record));
        (record.PendingNodeCount, record.PendingRemovals) = (null, []);
        record.Status = "modifying";
        lifecycles[record.Id].Resize(added, gone, node => addresses.Release(Owner(record.Id, node.Id)));
    }

    private JsonObject Delete(JsonObject input)
    {
        var record = Find(input);
        if (input.Text("FinalSnapshotIdentifier") is not null)
            throw ElastiCacheErrors.Combination("Snapshots are not supported for memcached.");
        if (record.Status == "deleting") throw ElastiCacheErrors.ClusterState(record.Id, record.Status);
        record.Status = "deleting";
        Save();
        lifecycles[record.Id].Delete(() => Forget(record));
        return Answer(record);
    }

    private JsonObject Reboot(JsonObject input)
    {
        var record = Available(Find(input));
        var ids = input.Texts("CacheNodeIdsToReboot");
        if (ids.Count == 0) throw ElastiCacheErrors.Value("CacheNodeIdsToReboot must name at least one node.");
        var unknown = ids.Find(id => record.Nodes.TrueForAll(node => node.Id != id));
        if (unknown is not null) throw ElastiCacheErrors.NodeNotFound(unknown);
        record.Status = "rebooting cache cluster nodes";
        Save();
        lifecycles[record.Id].Reboot([.. record.Nodes.Where(node => ids.Contains(node.Id, StringComparer.Ordinal))]);
        return Answer(record);
    }

    private JsonObject Answer(ClusterRecord record) => new() { ["CacheCluster"] = shapes.Describe(record, withNodes: false) };

    private static ClusterRecord Available(ClusterRecord record) =>
        record.Status is "available" ? record : throw ElastiCacheErrors.ClusterState(record.Id, record.Status);
}
