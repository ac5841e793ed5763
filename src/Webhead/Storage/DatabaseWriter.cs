using System.Net.Sockets;
using MySqlConnector;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>Writes what users send into a virtual hostname's database: one transaction a request, one lock a user's collection.</summary>
internal sealed class DatabaseWriter(HostDatabase database, TimeProvider time)
{
    private const int Attempts = 2;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    // Webheads' clocks differ a little: what another wrote up to here ahead of our time is waited for.
    private static readonly TimeSpan MostAhead = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc cref="ICollectionStore.WriteAsync"/>
    public async Task<SyncTimestamp> WriteAsync(long uid, string name, Func<IWriteSession, Task> write)
    {
        var collection = await database.Names.GetOrAddAsync(name, CancellationToken.None);
        var written = SyncTimestamp.Zero;
        await RetryAsync(async connection =>
        {
            var session = await LockAsync(connection, uid, collection);
            await write(session);
            await CommitAsync(session.EndAsync);
            written = session.Now;
        });
        return written;
    }

    /// <summary>Deletes all that a user has.</summary>
    /// <param name="uid">The user.</param>
    /// <param name="check">Called, under the lock, with the time of the storage's last change; throws to refuse.</param>
    /// <returns>The write's timestamp.</returns>
    public async Task<SyncTimestamp> DeleteAllAsync(long uid, Action<SyncTimestamp> check)
    {
        var deleted = SyncTimestamp.Zero;
        await RetryAsync(async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted);
            var last = SyncTimestamp.Zero;
            await using (var select = Command("SELECT last_modified FROM user_collections WHERE userid = @uid FOR UPDATE"))
            await using (var reader = await select.ExecuteReaderAsync())
            {
                while (await reader.ReadAsync()) last = SyncTimestamp.Max(last, new SyncTimestamp(reader.GetInt64(0)));
            }

            check(last);
            deleted = await TickAfterAsync(last);
            foreach (var table in (string[])["bso", "batch_upload_items", "batch_uploads", "user_collections"])
            {
                await using var delete = Command($"DELETE FROM {table} WHERE userid = @uid");
                await delete.ExecuteNonQueryAsync();
            }

            await CommitAsync(() => transaction.CommitAsync());

            MySqlCommand Command(string sql)
            {
                var command = new MySqlCommand(sql, connection, transaction);
                command.Parameters.AddWithValue("@uid", uid);
                return command;
            }
        });
        return deleted;
    }

    private async Task RetryAsync(Func<MySqlConnection, Task> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await database.RunAsync(async (connection, _) =>
                {
                    await work(connection);
                    return true;
                }, CancellationToken.None);
                return;
            }
            catch (WriteConflictException exception) when (attempt < Attempts
                && exception.InnerException is MySqlException { ErrorCode: MySqlErrorCode.LockDeadlock })
            {
                // MySQL chose this one as the victim and rolled it back; the other has what it wanted by now.
            }
        }
    }

    private static async Task CommitAsync(Func<Task> commit)
    {
        try
        {
            await commit();
        }
        catch (Exception exception) when (exception is IOException or SocketException
            or MySqlException { ErrorCode: not (MySqlErrorCode.LockDeadlock or MySqlErrorCode.LockWaitTimeout) })
        {
            // It may have been committed: not to be done again.
            throw new DatabaseFailedException(exception);
        }
    }

    private async Task<DatabaseWriteSession> LockAsync(MySqlConnection connection, long uid, int collection)
    {
        await using var select = new MySqlCommand(
            "START TRANSACTION; SELECT last_modified FROM user_collections WHERE userid = @uid AND collection = @collection FOR UPDATE", connection);
        select.Parameters.AddWithValue("@uid", uid);
        select.Parameters.AddWithValue("@collection", collection);
        var (modified, last) = await select.ExecuteScalarAsync() is long known
            ? (new SyncTimestamp(known), new SyncTimestamp(known))
            : await MakeRowAsync(select);
        return new DatabaseWriteSession(connection, uid, collection)
        {
            Now = await TickAfterAsync(last),
            CollectionModified = modified,
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

    /// <summary>The time now, later than the last write: it waits for the next tick of 10 ms if need be.</summary>
    private async Task<SyncTimestamp> TickAfterAsync(SyncTimestamp last)
    {
        var deadline = MostAhead + Tick;
        var started = time.GetTimestamp();
        while (true)
        {
            var now = SyncTimestamp.Now(time);
            if (now > last) return now;
            var wait = TimeSpan.FromMilliseconds(last.Milliseconds - now.Milliseconds) + Tick;
            if (time.GetElapsedTime(started) + wait > deadline + Tick) throw new WriteConflictException();
            await Task.Delay(wait, time);
        }
    }
}
