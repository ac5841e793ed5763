using SyncStorage.SyncClient;
using SyncStorage.Webhead.Cache;

namespace SyncStorage.Webhead.Storage;

/// <summary>All that the users of one virtual hostname have, wherever it is kept. What the handlers read from and write to.</summary>
internal sealed class UserStorage
{
    private readonly DatabaseStore database;
    private readonly WriteThroughStore writtenThrough;
    private readonly CacheOnlyStore cacheOnly;
    private readonly UserCache cache;
    private readonly CacheRepairs repairs;
    private readonly Purge purge;
    private readonly TimeProvider time;
    private int repairing;

    public UserStorage(HostDatabase database, UserCache cache, TimeProvider time)
    {
        this.cache = cache;
        this.time = time;
        this.database = new DatabaseStore(database, cache, time);
        writtenThrough = new WriteThroughStore(this.database, cache, time);
        cacheOnly = new CacheOnlyStore(cache, time);
        repairs = new CacheRepairs(database);
        purge = new Purge(database, time);
    }

    /// <summary>When a user's storage and collections changed last: from the cache, or else from the database.</summary>
    public Task<UserTimestamps> ReadTimestampsAsync(long uid, CancellationToken cancellationToken) =>
        cache.ReadTimestampsAsync(uid, (locked, token) => database.ReadTimestampsAsync(uid, locked, token), cancellationToken);

    /// <inheritdoc cref="UserCache.PeekTimestampsAsync"/>
    public Task<UserTimestamps?> PeekTimestampsAsync(long uid, CancellationToken cancellationToken) => cache.PeekTimestampsAsync(uid);

    /// <summary>How many live items each collection has.</summary>
    public async Task<IReadOnlyDictionary<string, long>> ReadCountsAsync(long uid, CancellationToken cancellationToken) =>
        await WithCacheOnlyAsync(uid, await database.ReadCountsAsync(uid, cancellationToken), items => items.LongCount());

    /// <summary>How many bytes of payload the live items of each collection have.</summary>
    public async Task<IReadOnlyDictionary<string, long>> ReadSizesAsync(long uid, CancellationToken cancellationToken) =>
        await WithCacheOnlyAsync(uid, await database.ReadSizesAsync(uid, cancellationToken),
            items => items.Sum(item => (long)System.Text.Encoding.UTF8.GetByteCount(item.Payload)));

    /// <inheritdoc cref="ICollectionStore.ReadItemAsync"/>
    public Task<Item?> ReadItemAsync(long uid, string collection, string id, CancellationToken cancellationToken) =>
        StoreOf(collection).ReadItemAsync(uid, collection, id, cancellationToken);

    /// <summary>A page of a collection. Its timestamp is never older than an item in it.</summary>
    /// <param name="uid">The user.</param>
    /// <param name="collection">The collection.</param>
    /// <param name="query">Which items.</param>
    /// <param name="sink">Takes them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ReadPageAsync(long uid, string collection, ItemQuery query, IItemSink sink, CancellationToken cancellationToken)
    {
        var store = StoreOf(collection);
        if (store is DatabaseStore direct) await direct.ReadPageAsync(uid, collection, query, sink, cancellationToken);
        else ItemList.Copy(await store.ReadPageAsync(uid, collection, query, cancellationToken), sink);
    }

    /// <inheritdoc cref="ICollectionStore.WriteAsync"/>
    public Task<SyncTimestamp> WriteAsync(long uid, string collection, Func<IWriteSession, Task> write, bool looksBack) =>
        StoreOf(collection).WriteAsync(uid, collection, write, looksBack);

    /// <inheritdoc cref="ICollectionStore.StageAsync"/>
    public Task<StagedBatch> StageAsync(long uid, string collection, long? batch, IReadOnlyList<ItemChange> items, Action<SyncTimestamp> check) =>
        StoreOf(collection).StageAsync(uid, collection, batch, items, check);

    /// <inheritdoc cref="DatabaseWriter.DeleteAllAsync(long, Action{SyncTimestamp})"/>
    public Task<SyncTimestamp> DeleteAllAsync(long uid, Action<SyncTimestamp> check) => database.DeleteAllAsync(uid, check);

    /// <inheritdoc cref="UserCache.IsInDoubt"/>
    public bool CacheIsInDoubt => cache.IsInDoubt;

    /// <summary>Puts right in the cache what writers could not. Called about every second; one that takes longer goes on alone.</summary>
    public async Task RepairAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref repairing, 1) != 0) return;
        try
        {
            await cache.RepairAsync(repairs, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref repairing, 0);
        }
    }

    /// <inheritdoc cref="Purge.RunAsync(CancellationToken)"/>
    public Task<Purged> PurgeAsync(CancellationToken cancellationToken) => purge.RunAsync(cancellationToken);

    private ICollectionStore StoreOf(string collection) => collection switch
    {
        _ when !cache.Exists => database,
        Collections.Tabs => cacheOnly,
        _ when Collections.WrittenThrough.Contains(collection) => writtenThrough,
        _ => database,
    };

    private async Task<IReadOnlyDictionary<string, long>> WithCacheOnlyAsync(long uid, IReadOnlyDictionary<string, long> values,
        Func<IEnumerable<Item>, long> measure)
    {
        if (!cache.Exists) return values;
        var all = new SortedDictionary<string, long>(values.ToDictionary(), StringComparer.Ordinal);
        all.Remove(Collections.Tabs);
        try
        {
            var live = (await cache.ReadCacheOnlyAsync(uid, Collections.Tabs))?.Live(SyncTimestamp.Now(time)).ToList();
            if (live is { Count: > 0 }) all[Collections.Tabs] = measure(live);
        }
        catch (CacheUnavailableException)
        {
            // What is in the database can be told without it.
        }

        return all;
    }
}
