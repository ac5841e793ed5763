using SyncStorage.SyncClient;
using SyncStorage.Webhead.Cache;

namespace SyncStorage.Webhead.Storage;

/// <summary>Collections in the database that are served from the cache, as a whole each. A write empties their place in the cache.</summary>
internal sealed class WriteThroughStore(DatabaseStore database, UserCache cache, TimeProvider time) : ICollectionStore
{
    public async Task<Item?> ReadItemAsync(long uid, string collection, string id, CancellationToken cancellationToken) =>
        await ReadAsync(uid, collection, cancellationToken) is { } cached
            ? cached.Find(id, SyncTimestamp.Now(time))
            : await database.ReadItemAsync(uid, collection, id, cancellationToken);

    public async Task<ItemPage> ReadPageAsync(long uid, string collection, ItemQuery query, CancellationToken cancellationToken) =>
        await ReadAsync(uid, collection, cancellationToken) is { } cached
            ? cached.Page(query, SyncTimestamp.Now(time))
            : await database.ReadPageAsync(uid, collection, query, cancellationToken);

    public Task<SyncTimestamp> WriteAsync(long uid, string collection, Func<IWriteSession, Task> write, bool looksBack) =>
        database.WriteAsync(uid, collection, write, looksBack);

    public Task<StagedBatch> StageAsync(long uid, string collection, long? batch, IReadOnlyList<ItemChange> items, Action<SyncTimestamp> check) =>
        database.StageAsync(uid, collection, batch, items, check);

    private Task<CachedCollection?> ReadAsync(long uid, string collection, CancellationToken cancellationToken) =>
        cache.ReadCollectionAsync(uid, collection, token => database.ReadWholeAsync(uid, collection, token), cancellationToken);
}
