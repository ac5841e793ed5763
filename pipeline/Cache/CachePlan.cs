using Amazon.ElastiCache;
using Amazon.ElastiCache.Model;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;
using Observed = Amazon.ElastiCache.Model.CacheCluster;

namespace SyncStorage.Pipeline.Cache;

/// <summary>A difference of the cache cluster.</summary>
/// <param name="Value">What differs.</param>
/// <param name="Apply">Sets it in a request; null if only a replacement could change it.</param>
public sealed record CacheDifference(ValueChange Value, Action<ModifyCacheClusterRequest>? Apply)
{
    /// <summary>Whether bringing it back restarts the cache.</summary>
    public bool Restarts => Value.Name == CachePlan.EngineVersion;
}

/// <summary>The pure comparison of the cache cluster with what it should be. Pending modifications count before current values.</summary>
public static class CachePlan
{
    /// <summary>The parameter that bounds an item's size.</summary>
    public const string MaxItemSize = "max_item_size";

    internal const string EngineVersion = "engine version";

    /// <summary>The family of a memcached version: <c>1.6.22</c> is of <c>memcached1.6</c>.</summary>
    public static string Family(string engineVersion)
    {
        ArgumentNullException.ThrowIfNull(engineVersion);
        return $"memcached{string.Join('.', engineVersion.Split('.').Take(2))}";
    }

    /// <summary>What differs; empty if nothing.</summary>
    public static IReadOnlyList<CacheDifference> Compare(CacheSettings settings, Observed observed, string parameterGroup, string groupId)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(observed);
        return [.. Differences(settings, observed, parameterGroup, groupId)];
    }

    private static IEnumerable<CacheDifference> Differences(CacheSettings settings, Observed observed, string parameterGroup, string groupId)
    {
        var pending = observed.PendingModifiedValues;
        var nodes = pending?.NumCacheNodes ?? observed.NumCacheNodes ?? 0;
        if (nodes != settings.Nodes)
            yield return new(new("nodes", $"{nodes}", $"{settings.Nodes}"), request =>
            {
                request.NumCacheNodes = settings.Nodes;

                // Those that there are stay where they are; new ones go where a zone's outage does not take all.
                if (settings.Nodes > nodes) request.AZMode = AZMode.CrossAz;
                if (settings.Nodes < nodes)
                    request.CacheNodeIdsToRemove = [.. (observed.CacheNodes ?? []).Select(node => node.CacheNodeId).Order(StringComparer.Ordinal).Skip(settings.Nodes)];
            });

        if (observed.CacheNodeType != settings.NodeType)
            yield return new(new("node type", observed.CacheNodeType, settings.NodeType), Apply: null);

        var version = pending?.EngineVersion ?? observed.EngineVersion;
        if (!EngineVersions.Covers(settings.EngineVersion, version))
        {
            // ElastiCache does not go back: an earlier one takes another cluster.
            Action<ModifyCacheClusterRequest>? apply = EngineVersions.IsBeyond(settings.EngineVersion, version) ? null : request => request.EngineVersion = settings.EngineVersion;
            yield return new(new(EngineVersion, version, settings.EngineVersion), apply);
        }

        if (observed.CacheParameterGroup?.CacheParameterGroupName != parameterGroup)
            yield return new(new("parameter group", observed.CacheParameterGroup?.CacheParameterGroupName, parameterGroup), request => request.CacheParameterGroupName = parameterGroup);

        var groups = (observed.SecurityGroups ?? []).Select(group => group.SecurityGroupId).ToList();
        if (!groups.SequenceEqual([groupId]))
            yield return new(new("security group", string.Join(", ", groups), groupId), request => request.SecurityGroupIds = [groupId]);
    }
}
