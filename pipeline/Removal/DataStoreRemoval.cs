using Amazon.ElastiCache.Model;
using Amazon.RDS.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Cache;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.DatabaseInstances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Removal;

/// <summary>Removes cache and databases, each database with a final snapshot; then their groups.</summary>
public sealed class DataStoreRemoval(IClients clients, ClusterNames names, Observation observation, DatabaseRemoval removal, NodeRemoval nodes, RemovalWaits waits, IProgress progress)
{
    /// <summary>Asks for all removals first, then waits for all.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await DeleteCacheAsync(cancellationToken);
        foreach (var database in Ours(await observation.Databases.GetAsync(cancellationToken))) await removal.RequestAsync(database, cancellationToken);
        foreach (var (node, seen) in await nodes.FindAsync(cancellationToken)) await nodes.RemoveAsync(node, seen, cancellationToken);
        await waits.GoneAsync($"cache cluster {names.Cache}", async token => (await observation.Cache.RefreshAsync(token))?.CacheClusterStatus, cancellationToken);
        await waits.GoneAsync("databases", async token =>
            Ours(await observation.Databases.RefreshAsync(token)) is { Count: > 0 } left
                ? string.Join(", ", left.Select(database => $"{database.DBInstanceIdentifier} {database.DBInstanceStatus}")) : null, cancellationToken);
        await DeleteGroupsAsync(cancellationToken);
    }

    private List<DBInstance> Ours(IReadOnlyDictionary<string, DBInstance> databases) =>
        [.. databases.Values.Where(database => ResourceTags.AreOurs(DatabasePlan.TagsOf(database), names.Cluster))];

    private async Task DeleteCacheAsync(CancellationToken cancellationToken)
    {
        if (await observation.Cache.GetAsync(cancellationToken) is not { } cache || cache.CacheClusterStatus == "deleting") return;

        // A cluster that is still being made shows no tags.
        if (await AwsErrors.UnlessMissingAsync(async () => await clients.ElastiCache.TagsOfAsync(cache.ARN, cancellationToken)) is { } tags)
            Ownership.Require($"cache cluster {names.Cache}", tags, names.Cluster);
        if (await waits.DeleteAsync($"cache cluster {names.Cache}", token =>
            clients.ElastiCache.DeleteCacheClusterAsync(new DeleteCacheClusterRequest { CacheClusterId = names.Cache }, token), cancellationToken))
            progress.Changed($"cache cluster {names.Cache} is being deleted");
    }

    // Their names are ours, they may not be: without our tags they stay.
    private async Task DeleteGroupsAsync(CancellationToken cancellationToken)
    {
        await DeleteGroupAsync($"cache subnet group {names.CacheSubnets}", CacheSubnetsArnAsync, clients.ElastiCache.TagsOfAsync, token =>
            clients.ElastiCache.DeleteCacheSubnetGroupAsync(new DeleteCacheSubnetGroupRequest { CacheSubnetGroupName = names.CacheSubnets }, token), cancellationToken);
        await DeleteGroupAsync($"cache parameter group {names.CacheParameters}", CacheParametersArnAsync, clients.ElastiCache.TagsOfAsync, token =>
            clients.ElastiCache.DeleteCacheParameterGroupAsync(new DeleteCacheParameterGroupRequest { CacheParameterGroupName = names.CacheParameters }, token), cancellationToken);
        await DeleteGroupAsync(
            $"database subnet group {names.DatabaseSubnets}", async token => (await observation.DatabaseSubnets.GetAsync(token))?.DBSubnetGroupArn, clients.Rds.TagsOfAsync, token =>
            clients.Rds.DeleteDBSubnetGroupAsync(new DeleteDBSubnetGroupRequest { DBSubnetGroupName = names.DatabaseSubnets }, token), cancellationToken);
    }

    private async Task DeleteGroupAsync(
        string what, Func<CancellationToken, Task<string?>> find, Func<string, CancellationToken, Task<IReadOnlyDictionary<string, string>>> tagsOf,
        Func<CancellationToken, Task> delete, CancellationToken cancellationToken)
    {
        if (await find(cancellationToken) is not { } arn) return;
        if (await AwsErrors.UnlessMissingAsync(async () => await tagsOf(arn, cancellationToken)) is not { } tags) return;
        if (!ResourceTags.AreOurs(tags, names.Cluster)) progress.Notice($"{what} does not carry this cluster's tags, and stays");
        else if (await waits.DeleteAsync(what, delete, cancellationToken)) progress.Changed($"{what} deleted");
    }

    private async Task<string?> CacheSubnetsArnAsync(CancellationToken cancellationToken) =>
        (await AwsErrors.UnlessMissingAsync(() => clients.ElastiCache.SubnetGroupAsync(names.CacheSubnets, cancellationToken)))?.ARN;

    private async Task<string?> CacheParametersArnAsync(CancellationToken cancellationToken) =>
        (await AwsErrors.UnlessMissingAsync(() => clients.ElastiCache.ParameterGroupAsync(names.CacheParameters, cancellationToken)))?.ARN;
}
