using MySqlConnector;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>The row that a write holds of the user's collection, and the timestamp that it gets under that lock.</summary>
internal sealed class CollectionLocks(TimeProvider time)
{
    private const int OldestStampMilliseconds = 20;

    private readonly WriteClock clock = new(time);

    /// <summary>Begins a transaction, and takes the lock; the row comes into being if need be.</summary>
    /// <exception cref="WriteConflictException">The last write is too far ahead of our clock.</exception>
    public async Task<DatabaseWriteSession> TakeAsync(MySqlConnection connection, long uid, int collection, bool looksBack) =>
        (looksBack ? null : await TryStampAsync(connection, uid, collection)) ?? await LockAsync(connection, uid, collection, looksBack);

    /// <summary>
    /// Takes the lock and gives the collection its timestamp in one statement; null if that is not earlier than now (or there is no row),
    /// or if the lock took so long to come that the timestamp lies behind what was read meanwhile. The transaction is open in any case.
    /// </summary>
    private async Task<DatabaseWriteSession?> TryStampAsync(MySqlConnection connection, long uid, int collection)
    {
        var now = SyncTimestamp.Now(time);
        await using var update = new MySqlCommand(
            "START TRANSACTION; UPDATE user_collections SET last_modified = @now WHERE userid = @uid AND collection = @collection AND last_modified < @now", connection);
        update.Parameters.AddWithValue("@uid", uid);
        update.Parameters.AddWithValue("@collection", collection);
        update.Parameters.AddWithValue("@now", now.Milliseconds);
        return await update.ExecuteNonQueryAsync() == 1 && SyncTimestamp.Now(time).Milliseconds - now.Milliseconds <= OldestStampMilliseconds
            ? new DatabaseWriteSession(connection, uid, collection) { Now = now, IsStamped = true }
            : null;
    }

    private async Task<DatabaseWriteSession> LockAsync(MySqlConnection connection, long uid, int collection, bool looksBack)
    {
        await using var select = new MySqlCommand(
            (looksBack ? "START TRANSACTION; " : "") + "SELECT last_modified FROM user_collections WHERE userid = @uid AND collection = @collection FOR UPDATE",
            connection);
        select.Parameters.AddWithValue("@uid", uid);
        select.Parameters.AddWithValue("@collection", collection);
        var (modified, last) = await select.ExecuteScalarAsync() is long known
            ? (new SyncTimestamp(known), new SyncTimestamp(known))
            : await MakeRowAsync(select);
        return new DatabaseWriteSession(connection, uid, collection)
        {
            Now = await clock.AfterAsync(last),
            // Without looking back it may be a stamp of ours, which is replaced.
            Before = looksBack ? modified : null,
        };
    }

    /// <summary>
    /// Makes the row that is to be locked; a refused write takes it back with its transaction. What made it go, if it was there before,
    /// is earlier than what is written now.
    /// </summary>
    private static async Task<(SyncTimestamp Modified, SyncTimestamp Last)> MakeRowAsync(MySqlCommand command)
    {
        command.CommandText =
            """
            INSERT INTO user_collections (userid, collection, last_modified) VALUES (@uid, @collection, 0)
            ON DUPLICATE KEY UPDATE last_modified = last_modified;
            SELECT collection, last_modified FROM user_collections WHERE userid = @uid AND collection IN (0, @collection)
            """;
        var (modified, last) = (SyncTimestamp.Zero, SyncTimestamp.Zero);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var timestamp = new SyncTimestamp(reader.GetInt64(1));
            last = SyncTimestamp.Max(last, timestamp);
            if (reader.GetInt32(0) != 0) modified = timestamp;
        }

        return (modified, last);
    }
}
