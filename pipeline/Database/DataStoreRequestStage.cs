using SyncStorage.Pipeline.Cache;

namespace SyncStorage.Pipeline.Database;

/// <summary>
/// Request-Data-Stores: asks for databases and cache and does not wait, so that their minutes overlap with baking.
/// </summary>
public sealed class DataStoreRequestStage(DatabaseNodes databases, CacheCluster cache)
{
    /// <summary>Asks.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await databases.RequestAsync(cancellationToken);
        await cache.RequestAsync(cancellationToken);
    }
}
