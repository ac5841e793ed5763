using System.Text;
using MySqlConnector;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>
/// A write under way in a database: it holds the lock on the user's collection, and has the one timestamp of all it writes. What is
/// thrown from within rolls it back.
/// </summary>
internal sealed class DatabaseWriteSession(MySqlConnection connection, MySqlTransaction transaction, long uid, int collection) : IWriteSession
{
    private const int IdsPerStatement = 100;
    private bool deleted;

    public SyncTimestamp Now { get; init; }

    public SyncTimestamp CollectionModified { get; init; }

    public async Task<SyncTimestamp?> ReadItemModifiedAsync(string id)
    {
        await using var select = Command(
            "SELECT modified FROM bso WHERE userid = @uid AND collection = @collection AND id = @id AND ttl > @now");
        select.Parameters.AddWithValue("@id", Encoding.ASCII.GetBytes(id));
        return await select.ExecuteScalarAsync() is long modified ? new SyncTimestamp(modified) : null;
    }

    public async Task UpsertAsync(IReadOnlyList<ItemChange> items)
    {
        foreach (var chunk in items.Chunk(IdsPerStatement))
        {
            await using var batch = new MySqlBatch(connection, transaction);
            var expired = new MySqlBatchCommand();
            expired.CommandText = "DELETE FROM bso WHERE userid = @uid AND collection = @collection AND ttl <= @now AND id IN ("
                + ItemQueries.IdParameters(expired.Parameters, chunk.Select(item => item.Id)) + ")";
            AddUser(expired.Parameters);
            batch.BatchCommands.Add(expired);
            foreach (var item in chunk) batch.BatchCommands.Add(Upsert(item));
            await batch.ExecuteNonQueryAsync();
        }
    }

    public async Task<int> DeleteAsync(IReadOnlyCollection<string> ids)
    {
        await using var delete = Command("");
        delete.CommandText = "DELETE FROM bso WHERE userid = @uid AND collection = @collection AND ttl > @now AND id IN ("
            + ItemQueries.IdParameters(delete.Parameters, ids) + ")";
        return await delete.ExecuteNonQueryAsync();
    }

    public async Task DeleteCollectionAsync()
    {
        await using (var items = Command("DELETE FROM bso WHERE userid = @uid AND collection = @collection"))
            await items.ExecuteNonQueryAsync();
        await using (var row = Command("DELETE FROM user_collections WHERE userid = @uid AND collection = @collection"))
            await row.ExecuteNonQueryAsync();
        await using var tombstone = Command(
            """
            INSERT INTO user_collections (userid, collection, last_modified) VALUES (@uid, 0, @modified)
            ON DUPLICATE KEY UPDATE last_modified = GREATEST(last_modified, @modified)
            """);
        await tombstone.ExecuteNonQueryAsync();
        deleted = true;
    }

    public Task CommitBatchAsync(long batch) => DatabaseBatches.CommitAsync(Command, batch, Now);

    /// <summary>Gives the collection this write's timestamp, if it still is there.</summary>
    public async Task EndAsync()
    {
        if (deleted) return;
        await using var update = Command(
            "UPDATE user_collections SET last_modified = @modified WHERE userid = @uid AND collection = @collection");
        await update.ExecuteNonQueryAsync();
    }

    private MySqlBatchCommand Upsert(ItemChange item)
    {
        // Only what was sent is updated; a new payload alone makes an existing item newer.
        var updates = new List<string>();
        if (item.Payload is not null) updates.AddRange(["payload = @payload", "payload_size = @size", "modified = @modified"]);
        if (item.SortIndex is not null) updates.Add("sortindex = @sortindex");
        if (item.TtlSeconds is not null) updates.Add("ttl = @ttl");
        if (updates.Count == 0) updates.Add("id = id");

        var command = new MySqlBatchCommand(
            $"""
            INSERT INTO bso (userid, collection, id, sortindex, modified, payload, payload_size, ttl)
            VALUES (@uid, @collection, @id, @sortindex, @modified, @payload, @size, @ttl)
            ON DUPLICATE KEY UPDATE {string.Join(", ", updates)}
            """);
        var payload = item.Payload ?? "";
        AddUser(command.Parameters);
        command.Parameters.AddWithValue("@id", Encoding.ASCII.GetBytes(item.Id));
        command.Parameters.AddWithValue("@sortindex", item.SortIndex);
        command.Parameters.AddWithValue("@payload", payload);
        command.Parameters.AddWithValue("@size", item.PayloadBytes);
        command.Parameters.AddWithValue("@ttl", item.TtlSeconds is { } ttl ? Now.Milliseconds + ttl * 1000 : Schema.Never);
        return command;
    }

    private MySqlCommand Command(string sql)
    {
        var command = new MySqlCommand(sql, connection, transaction);
        AddUser(command.Parameters);
        return command;
    }

    private void AddUser(MySqlParameterCollection parameters)
    {
        parameters.AddWithValue("@uid", uid);
        parameters.AddWithValue("@collection", collection);
        parameters.AddWithValue("@now", Now.Milliseconds);
        parameters.AddWithValue("@modified", Now.Milliseconds);
    }
}
