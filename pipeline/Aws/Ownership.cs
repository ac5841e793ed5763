using Amazon.ElastiCache;
using Amazon.RDS;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Aws;

/// <summary>Names are fixed, so something of one of our names may be somebody else's: only the tags tell.</summary>
public static class Ownership
{
    /// <summary>Refuses what this cluster did not make.</summary>
    /// <param name="what">For people, e.g. <c>database sync2-db0</c>.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NotOurs"/>.</exception>
    public static void Require(string what, IReadOnlyDictionary<string, string> tags, string cluster)
    {
        if (!ResourceTags.AreOurs(tags, cluster))
            throw new PipelineException(
                ErrorCode.NotOurs, $"There is a {what} that this cluster did not make.",
                hint: $"Delete it, tag it Product={ResourceTags.ProductName} and Cluster={cluster} to adopt it, or choose another cluster name.");
    }

    /// <summary>The tags of a cache cluster, subnet group or parameter group; AWS knows a cluster's only once it is available.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> TagsOfAsync(this IAmazonElastiCache client, string arn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var answer = await client.ListTagsForResourceAsync(new Amazon.ElastiCache.Model.ListTagsForResourceRequest { ResourceName = arn }, cancellationToken);
        return (answer.TagList ?? []).ToDictionary(tag => tag.Key, tag => tag.Value);
    }

    /// <summary>The tags of a subnet group; a database's are in its description.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> TagsOfAsync(this IAmazonRDS client, string arn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var answer = await client.ListTagsForResourceAsync(new Amazon.RDS.Model.ListTagsForResourceRequest { ResourceName = arn }, cancellationToken);
        return (answer.TagList ?? []).ToDictionary(tag => tag.Key, tag => tag.Value);
    }
}
