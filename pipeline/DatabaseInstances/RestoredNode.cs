using Amazon.ElastiCache.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.DatabaseInstances;

/// <summary>The end of a restore, by the run that restored, or by the next one if that was killed: the cache forgets, and backups begin.</summary>
public sealed class RestoredNode(IClients clients, Observation observation, RemoteCommands remote, IProgress progress)
{
    /// <summary>Does both; the dbnode tells by itself whether it still waits for that.</summary>
    /// <param name="name">The database's name.</param>
    /// <param name="instance">What serves it now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task BeginAsync(string name, string instance, CancellationToken cancellationToken)
    {
        await ForgetCachedAsync(cancellationToken);
        (await remote.RunAsync([instance], DatabaseNodeAdmin.Begin, cancellationToken))[0].Require($"Beginning the backups of {name}, which was restored");
    }

    /// <summary>What the cache knows is of a history that is no more.</summary>
    private async Task ForgetCachedAsync(CancellationToken cancellationToken)
    {
        if (await observation.Cache.GetAsync(cancellationToken) is not { } cache) return;
        await clients.ElastiCache.RebootCacheClusterAsync(
            new RebootCacheClusterRequest { CacheClusterId = cache.CacheClusterId, CacheNodeIdsToReboot = [.. (cache.CacheNodes ?? []).Select(one => one.CacheNodeId)] }, cancellationToken);
        observation.Cache.Forget();
        progress.Changed($"cache cluster {cache.CacheClusterId} rebooted: it forgets what is not so any more");
    }
}
