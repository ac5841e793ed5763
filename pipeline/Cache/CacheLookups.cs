using Amazon.ElastiCache;
using Amazon.ElastiCache.Model;

namespace SyncStorage.Pipeline.Cache;

/// <summary>Asks for one of ElastiCache's groups by its name.</summary>
internal static class CacheLookups
{
    /// <summary>A subnet group.</summary>
    /// <exception cref="Amazon.Runtime.AmazonServiceException">There is none.</exception>
    public static async Task<CacheSubnetGroup?> SubnetGroupAsync(this IAmazonElastiCache client, string name, CancellationToken cancellationToken) =>
        (await client.DescribeCacheSubnetGroupsAsync(new DescribeCacheSubnetGroupsRequest { CacheSubnetGroupName = name }, cancellationToken)).CacheSubnetGroups?.FirstOrDefault();

    /// <summary>A parameter group.</summary>
    /// <exception cref="Amazon.Runtime.AmazonServiceException">There is none.</exception>
    public static async Task<CacheParameterGroup?> ParameterGroupAsync(this IAmazonElastiCache client, string name, CancellationToken cancellationToken) =>
        (await client.DescribeCacheParameterGroupsAsync(new DescribeCacheParameterGroupsRequest { CacheParameterGroupName = name }, cancellationToken)).CacheParameterGroups?.FirstOrDefault();
}
