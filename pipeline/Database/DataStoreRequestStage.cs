using SyncStorage.Pipeline.Cache;

namespace SyncStorage.Pipeline.Database;

/// <summary>
/// Request-Data-Stores: asks for databases and cache and does not wait, so that their minutes overlap with baking.
/// </summary>
public sealed class DataStoreRequestStage(NodeDepartures departures, DatabaseNodes databases, CacheCluster cache)
{
    /// <summary>Asks; before it, refuses settings that take something away that has users.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await departures.RequireAsync(cancellationToken);
        await databases.RequestAsync(cancellationToken);
        await cache.RequestAsync(cancellationToken);
    }
}
