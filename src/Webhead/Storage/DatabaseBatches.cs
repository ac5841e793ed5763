using System.Globalization;
using System.Text;
using MySqlConnector;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>Uploads in several requests, put aside in a virtual hostname's database until they are committed.</summary>
internal sealed class DatabaseBatches(HostDatabase database, TimeProvider time)
{
    /// <summary>How long a batch may stay open.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    // All within the database, whatever the batch's size: what was put aside is not read. Assignments go from left to right, so whether
    // an item had expired, and is as if it were not there, is asked before its ttl changes.
    private static readonly string CommitSql =
        $"""
        INSERT INTO bso (userid, collection, id, sortindex, modified, payload, payload_size, ttl)
        SELECT s.userid, @collection, s.id, s.sortindex, @modified, COALESCE(s.payload, ''), COALESCE(s.payload_size, 0),
          COALESCE(@now + s.ttl_offset * 1000, {Schema.Never})
        FROM batch_upload_items s WHERE s.batch = @batch AND s.userid = @uid
        ON DUPLICATE KEY UPDATE
          sortindex = COALESCE(s.sortindex, IF(bso.ttl <= @now, NULL, bso.sortindex)),
          modified = IF(s.payload IS NULL AND bso.ttl > @now, bso.modified, @modified),
          payload = COALESCE(s.payload, IF(bso.ttl <= @now, '', bso.payload)),
          payload_size = COALESCE(s.payload_size, IF(bso.ttl <= @now, 0, bso.payload_size)),
          ttl = COALESCE(@now + s.ttl_offset * 1000, IF(bso.ttl <= @now, {Schema.Never}, bso.ttl));
        DELETE FROM batch_upload_items WHERE batch = @batch AND userid = @uid;
        DELETE FROM batch_uploads WHERE batch = @batch AND userid = @uid
        """;

    private static readonly TimeSpan LongestCommit = TimeSpan.FromMinutes(2);
    private const int MostClashes = 10;
    private const int ItemsPerTrip = 100;

    /// <inheritdoc cref="ICollectionStore.StageAsync"/>
    public async Task<StagedBatch> StageAsync(long uid, string name, long? batch, IReadOnlyList<ItemChange> items, Action<SyncTimestamp> check)
    {
        var collection = await database.Names.GetOrAddAsync(name, CancellationToken.None);
        return await database.RunAsync(async (connection, token) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, token);
            var modified = await ReadModifiedAsync(Command);
            check(modified);
            var number = batch is { } known ? await FindAsync(Command, known, SyncTimestamp.Now(time)) : await StartAsync(Command, uid);
            foreach (var chunk in items.Chunk(ItemsPerTrip)) await StageAsync(connection, transaction, uid, number, chunk);
            await transaction.CommitAsync(token);
            return new StagedBatch(number, modified);

            MySqlCommand Command(string sql)
            {
                var command = new MySqlCommand(sql, connection, transaction);
                command.Parameters.AddWithValue("@uid", uid);
                command.Parameters.AddWithValue("@collection", collection);
                return command;
            }
        }, CancellationToken.None);
    }

    /// <summary>Writes what is put aside, and removes it from there; part of the caller's transaction.</summary>
    /// <param name="makeCommand">Makes a command with <c>@uid</c>, <c>@collection</c>, <c>@now</c> and <c>@modified</c>.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="now">The write's time.</param>
    public static async Task CommitAsync(Func<string, MySqlCommand> makeCommand, long batch, SyncTimestamp now)
    {
        await FindAsync(makeCommand, batch, now);
        await using var command = makeCommand(CommitSql);
        command.Parameters.AddWithValue("@batch", batch);
        command.CommandTimeout = (int)LongestCommit.TotalSeconds;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<SyncTimestamp> ReadModifiedAsync(Func<string, MySqlCommand> makeCommand)
    {
        await using var select = makeCommand("SELECT last_modified FROM user_collections WHERE userid = @uid AND collection = @collection");
        return new SyncTimestamp(await select.ExecuteScalarAsync() as long? ?? 0);
    }

    private static async Task<long> FindAsync(Func<string, MySqlCommand> makeCommand, long batch, SyncTimestamp now)
    {
        // A batch's number is the time of its start.
        if (batch <= now.Milliseconds - (long)Lifetime.TotalMilliseconds) throw new UnknownBatchException();
        await using var select = makeCommand("SELECT 1 FROM batch_uploads WHERE batch = @batch AND userid = @uid AND collection = @collection FOR UPDATE");
        select.Parameters.AddWithValue("@batch", batch);
        return await select.ExecuteScalarAsync() is null ? throw new UnknownBatchException() : batch;
    }

    private async Task<long> StartAsync(Func<string, MySqlCommand> makeCommand, long uid)
    {
        // Timestamps end in a zero: the user's last digit spreads those who start at the same time.
        var batch = SyncTimestamp.Now(time).Milliseconds + uid % 10;
        for (var clashes = 0; clashes < MostClashes; clashes++, batch++)
        {
            await using var insert = makeCommand("INSERT IGNORE INTO batch_uploads (batch, userid, collection) VALUES (@batch, @uid, @collection)");
            insert.Parameters.AddWithValue("@batch", batch);
            if (await insert.ExecuteNonQueryAsync() == 1) return batch;
        }

        throw new WriteConflictException();
    }

    private static async Task StageAsync(MySqlConnection connection, MySqlTransaction transaction, long uid, long batch, ItemChange[] items)
    {
        await using var insert = new MySqlCommand { Connection = connection, Transaction = transaction };
        insert.Parameters.AddWithValue("@batch", batch);
        insert.Parameters.AddWithValue("@uid", uid);
        var sql = new StringBuilder("INSERT INTO batch_upload_items (batch, userid, id, sortindex, payload, payload_size, ttl_offset) VALUES ");
        for (var index = 0; index < items.Length; index++)
        {
            var item = items[index];
            sql.Append(CultureInfo.InvariantCulture, $"{(index > 0 ? ", " : "")}(@batch, @uid, @id{index}, @sortindex{index}, @payload{index}, @size{index}, @ttl{index})");
            insert.Parameters.AddWithValue($"@id{index}", Encoding.ASCII.GetBytes(item.Id));
            insert.Parameters.AddWithValue($"@sortindex{index}", item.SortIndex);
            insert.Parameters.AddWithValue($"@payload{index}", item.Payload);
            insert.Parameters.AddWithValue($"@size{index}", item.Payload is null ? null : item.PayloadBytes);
            insert.Parameters.AddWithValue($"@ttl{index}", item.TtlSeconds);
        }

        sql.Append("""
             ON DUPLICATE KEY UPDATE sortindex = COALESCE(VALUES(sortindex), sortindex), payload = COALESCE(VALUES(payload), payload),
             payload_size = COALESCE(VALUES(payload_size), payload_size), ttl_offset = COALESCE(VALUES(ttl_offset), ttl_offset)
            """);
        insert.CommandText = sql.ToString();
        await insert.ExecuteNonQueryAsync();
    }
}
