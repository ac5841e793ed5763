using SyncStorage.SyncClient;
using SyncStorage.Webhead.Cache;

namespace SyncStorage.Webhead.Storage;

/// <summary>All that the users of one virtual hostname have, wherever it is kept. What the handlers read from and write to.</summary>
internal sealed class UserStorage(DatabaseStore database, MetadataCache metadata)
{
    /// <summary>When a user's storage and collections changed last: from the cache, or else from the database.</summary>
    public Task<UserTimestamps> ReadTimestampsAsync(long uid, CancellationToken cancellationToken) =>
        metadata.ReadAsync(uid, token => database.ReadTimestampsAsync(uid, token), cancellationToken);

    /// <summary>What the cache says of the timestamps without asking the database; null if it says nothing.</summary>
    public Task<UserTimestamps?> PeekTimestampsAsync(long uid, CancellationToken cancellationToken) => metadata.PeekAsync(uid, cancellationToken);

    /// <summary>How many live items each collection has.</summary>
    public Task<IReadOnlyDictionary<string, long>> ReadCountsAsync(long uid, CancellationToken cancellationToken) =>
        database.ReadCountsAsync(uid, cancellationToken);

    /// <summary>How many bytes of payload the live items of each collection have.</summary>
    public Task<IReadOnlyDictionary<string, long>> ReadSizesAsync(long uid, CancellationToken cancellationToken) =>
        database.ReadSizesAsync(uid, cancellationToken);

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

    /// <inheritdoc cref="ICollectionStore.StageAsync"/>
    public Task<StagedBatch> StageAsync(long uid, string collection, long? batch, IReadOnlyList<ItemChange> items, Action<SyncTimestamp> check) =>
        StoreOf(collection).StageAsync(uid, collection, batch, items, check);

    /// <inheritdoc cref="ICollectionStore.WriteAsync"/>
    public async Task<SyncTimestamp> WriteAsync(long uid, string collection, Func<IWriteSession, Task> write)
    {
        var mark = await metadata.BeginWriteAsync(uid);
        try
        {
            return await StoreOf(collection).WriteAsync(uid, collection, write);
        }
        finally
        {
            await mark.UnknownAsync();
        }
    }

    /// <summary>Deletes all that a user has.</summary>
    /// <param name="uid">The user.</param>
    /// <param name="check">Called with the time of the storage's last change; throws to refuse.</param>
    /// <returns>The write's timestamp.</returns>
    public async Task<SyncTimestamp> DeleteAllAsync(long uid, Action<SyncTimestamp> check)
    {
        var mark = await metadata.BeginWriteAsync(uid);
        try
        {
            return await database.DeleteAllAsync(uid, check);
        }
        finally
        {
            await mark.UnknownAsync();
        }
    }

    /// <inheritdoc cref="MetadataCache.RepairAsync"/>
    public Task RepairAsync(CancellationToken cancellationToken) => metadata.RepairAsync(cancellationToken);

    private ICollectionStore StoreOf(string _) => database;
}
