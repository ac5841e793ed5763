using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.ElastiCache;

/// <summary>What the cache service keeps across restarts.</summary>
internal sealed class ElastiCacheState
{
    public SortedDictionary<string, ClusterRecord> Clusters { get; set; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, CacheSubnetGroupRecord> SubnetGroups { get; set; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, ParameterGroupRecord> ParameterGroups { get; set; } = new(StringComparer.Ordinal);
}

/// <summary>One memcached cluster.</summary>
internal sealed class ClusterRecord
{
    public required string Id { get; set; }

    public required string NodeType { get; set; }

    public required string EngineVersion { get; set; }

    public required string Status { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public int Port { get; set; }

    public bool CrossZone { get; set; }

    public List<string> Zones { get; set; } = [];

    public required string ParameterGroup { get; set; }

    /// <summary>Nodes that run with parameters that have changed since.</summary>
    public List<string> NodesToReboot { get; set; } = [];

    public required string SubnetGroup { get; set; }

    public List<string> SecurityGroups { get; set; } = [];

    public string MaintenanceWindow { get; set; } = "sun:05:00-sun:06:00";

    public bool AutoMinorVersionUpgrade { get; set; } = true;

    public string? NotificationTopic { get; set; }

    public List<CacheNodeRecord> Nodes { get; set; } = [];

    /// <summary>A change of the number of nodes that waits for the maintenance window.</summary>
    public int? PendingNodeCount { get; set; }

    public List<string> PendingRemovals { get; set; } = [];

    /// <summary>Where the configuration endpoint listens.</summary>
    public string ConfigurationAddress { get; set; } = "";

    /// <summary>Grows whenever the list of nodes changes.</summary>
    public int ConfigurationVersion { get; set; }

    public SortedDictionary<string, string> Tags { get; set; } = new(StringComparer.Ordinal);
}

internal sealed class CacheNodeRecord
{
    /// <summary>Four digits, from 0001.</summary>
    public required string Id { get; set; }

    public required string Status { get; set; }

    public required string Address { get; set; }

    public required string Zone { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public ProcessHandle? Process { get; set; }
}

internal sealed class CacheSubnetGroupRecord
{
    public required string Name { get; set; }

    public required string Description { get; set; }

    public List<string> Subnets { get; set; } = [];

    public SortedDictionary<string, string> Tags { get; set; } = new(StringComparer.Ordinal);
}

internal sealed class ParameterGroupRecord
{
    public required string Name { get; set; }

    public required string Family { get; set; }

    public required string Description { get; set; }

    /// <summary>The parameters that a user set.</summary>
    public SortedDictionary<string, string> Values { get; set; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> Tags { get; set; } = new(StringComparer.Ordinal);
}
