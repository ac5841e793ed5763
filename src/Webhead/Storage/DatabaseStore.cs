using MySqlConnector;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Cache;

namespace SyncStorage.Webhead.Storage;

/// <summary>Collections in a virtual hostname's database.</summary>
internal sealed class DatabaseStore(HostDatabase database, UserCache cache, TimeProvider time) : ICollectionStore
{
    private readonly DatabaseWriter writer = new(database, cache, time);
    private readonly DatabaseBatches batches = new(database, time);
    private readonly DatabasePages pages = new(database, time);

    /// <summary>When the storage and its collections changed last.</summary>
    /// <param name="uid">The user.</param>
    /// <param name="locked">Whether to wait for the writes under way.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<UserTimestamps> ReadTimestampsAsync(long uid, bool locked, CancellationToken cancellationToken) =>
        database.RunAsync((connection, token) => ReadTimestampsAsync(connection, uid, locked, token), cancellationToken);

    /// <summary>How many live items each collection has.</summary>
    public Task<IReadOnlyDictionary<string, long>> ReadCountsAsync(long uid, CancellationToken cancellationToken) =>
        AggregateAsync(uid, "COUNT(*)", cancellationToken);

    /// <summary>How many bytes of payload the live items of each collection have.</summary>
    public Task<IReadOnlyDictionary<string, long>> ReadSizesAsync(long uid, CancellationToken cancellationToken) =>
        AggregateAsync(uid, "CAST(SUM(b.payload_size) AS SIGNED)", cancellationToken);

    public async Task<Item?> ReadItemAsync(long uid, string collection, string id, CancellationToken cancellationToken)
    {
        if (await database.Names.FindAsync(collection, cancellationToken) is not { } number) return null;

        return await database.RunAsync((connection, token) => ReadItemAsync(connection, uid, number, id, token), cancellationToken);
    }

    public async Task<ItemPage> ReadPageAsync(long uid, string collection, ItemQuery query, CancellationToken cancellationToken)
    {
        var list = new ItemList();
        await pages.ReadAsync(uid, collection, query, list, cancellationToken);
        return list.Page;
    }

    /// <inheritdoc cref="UserStorage.ReadPageAsync"/>
    public Task ReadPageAsync(long uid, string collection, ItemQuery query, IItemSink sink, CancellationToken cancellationToken) =>
        pages.ReadAsync(uid, collection, query, sink, cancellationToken);

    /// <summary>A whole collection, for the cache; null if it is too large to be kept there.</summary>
    public async Task<CachedCollection?> ReadWholeAsync(long uid, string collection, CancellationToken cancellationToken)
    {
        if (await database.Names.FindAsync(collection, cancellationToken) is not { } number) return CachedCollection.Missing;
        return await database.RunAsync((connection, token) => ReadWholeAsync(connection, uid, number, token), cancellationToken);
    }

    public Task<SyncTimestamp> WriteAsync(long uid, string collection, Func<IWriteSession, Task> write, bool looksBack) =>
        writer.WriteAsync(uid, collection, write, looksBack);

    public Task<StagedBatch> StageAsync(long uid, string collection, long? batch, IReadOnlyList<ItemChange> items, Action<SyncTimestamp> check) =>
        batches.StageAsync(uid, collection, batch, items, check);

    /// <inheritdoc cref="DatabaseWriter.DeleteAllAsync(long, Action{SyncTimestamp})"/>
    public Task<SyncTimestamp> DeleteAllAsync(long uid, Action<SyncTimestamp> check) => writer.DeleteAllAsync(uid, check);

    private async Task<Item?> ReadItemAsync(MySqlConnection connection, long uid, int collection, string id, CancellationToken cancellationToken)
    {
        await using var select = ItemQueries.One(uid, collection, id, SyncTimestamp.Now(time));
        select.Connection = connection;
        await select.PrepareAsync(cancellationToken);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? ItemQueries.Read(reader, full: true) : null;
    }

    private static async Task<CachedCollection?> ReadWholeAsync(MySqlConnection connection, long uid, int collection,
        CancellationToken cancellationToken)
    {
        await using var select = ItemQueries.Whole(uid, collection);
        select.Connection = connection;
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return CachedCollection.Missing;

        var modified = new SyncTimestamp(reader.GetInt64(0));
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.GetInt64(0) > ItemQueries.LargestWhole) return null;

        await reader.NextResultAsync(cancellationToken);
        var items = new List<StoredItem>();
        while (await reader.ReadAsync(cancellationToken)) items.Add(new StoredItem(ItemQueries.Read(reader, full: true), reader.GetInt64(4)));
        return new CachedCollection(modified, Exists: true, items);
    }

    private static async Task<UserTimestamps> ReadTimestampsAsync(MySqlConnection connection, long uid, bool locked,
        CancellationToken cancellationToken)
    {
        var modified = SyncTimestamp.Zero;
        var collections = new Dictionary<string, SyncTimestamp>(StringComparer.Ordinal);
        await using var select = new MySqlCommand(
            $"""
            SELECT c.name, u.last_modified FROM user_collections u LEFT JOIN collections c ON c.collectionid = u.collection
            WHERE u.userid = @uid {(locked ? "LOCK IN SHARE MODE" : "")}
            """, connection);
        select.Parameters.AddWithValue("@uid", uid);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var timestamp = new SyncTimestamp(reader.GetInt64(1));
            modified = SyncTimestamp.Max(modified, timestamp);

            // The row without a name is what a deleted collection left.
            if (!reader.IsDBNull(0)) collections[reader.GetString(0)] = timestamp;
        }

        return new UserTimestamps(modified, collections);
    }

    private Task<IReadOnlyDictionary<string, long>> AggregateAsync(long uid, string what, CancellationToken cancellationToken) =>
        database.RunAsync((connection, token) => AggregateAsync(connection, uid, what, token), cancellationToken);

    private async Task<IReadOnlyDictionary<string, long>> AggregateAsync(MySqlConnection connection, long uid, string what,
        CancellationToken cancellationToken)
    {
        var values = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await using var select = new MySqlCommand(
            $"""
            SELECT c.name, {what} FROM bso b JOIN collections c ON c.collectionid = b.collection
            WHERE b.userid = @uid AND b.ttl > @now GROUP BY c.name
            """, connection);
        select.Parameters.AddWithValue("@uid", uid);
        select.Parameters.AddWithValue("@now", SyncTimestamp.Now(time).Milliseconds);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) values[reader.GetString(0)] = reader.GetInt64(1);
        return values;
    }
}
