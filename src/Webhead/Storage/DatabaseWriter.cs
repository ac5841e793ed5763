using System.Net.Sockets;
using MySqlConnector;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Cache;

namespace SyncStorage.Webhead.Storage;

/// <summary>Writes what users send into a virtual hostname's database: one transaction a request, one lock a user's collection.</summary>
internal sealed class DatabaseWriter(HostDatabase database, UserCache cache, TimeProvider time)
{
    private const int Attempts = 2;
    private const int ItemsPerStep = 10_000;
    private const int MostEndings = 50;
    private static readonly TimeSpan EndingsPause = TimeSpan.FromMilliseconds(10);

    private readonly WriteClock clock = new(time);
    private readonly WriteGates gates = new();
    private readonly CollectionLocks locks = new(time);

    /// <inheritdoc cref="ICollectionStore.WriteAsync"/>
    public async Task<SyncTimestamp> WriteAsync(long uid, string name, Func<IWriteSession, Task> write, bool looksBack)
    {
        var collection = await database.Names.GetOrAddAsync(name, CancellationToken.None);
        using var turn = await gates.EnterAsync(uid, name);
        var written = SyncTimestamp.Zero;
        var announcing = Task.FromResult(true);
        var ending = announcing;
        try
        {
            await RetryAsync(async connection =>
            {
                var session = await locks.TakeAsync(connection, uid, collection, looksBack);
                announcing = cache.AnnounceAsync(uid, name);
                await write(session);
                var announced = await announcing;
                await CommitAsync(() => session.EndAsync(announced));
                written = session.Now;
            });
        }
        finally
        {
            // Not before the mark is there; and nobody needs to wait until it is gone.
            await announcing;
            ending = cache.EndAsync(uid, name);
        }

        if (!await announcing) await InsistAsync(uid, name, ending);
        return written;
    }

    /// <summary>
    /// Tells a cache that did not take the mark, perhaps since it only had a hiccup: other webheads read from it as soon as it answers
    /// them, which is before the repair, and whoever gets this write's answer must find it there. One that is away for longer is left to
    /// the repair.
    /// </summary>
    private async Task InsistAsync(long uid, string name, Task<bool> ending)
    {
        for (var endings = 1; !await ending && endings < MostEndings && !cache.IsLost(uid); endings++)
        {
            await Task.Delay(EndingsPause, time);
            ending = cache.EndAsync(uid, name);
        }
    }

    /// <summary>Deletes all that a user has.</summary>
    /// <param name="uid">The user.</param>
    /// <param name="check">Called, under the lock, with the time of the storage's last change; throws to refuse.</param>
    /// <returns>The write's timestamp.</returns>
    public async Task<SyncTimestamp> DeleteAllAsync(long uid, Action<SyncTimestamp> check)
    {
        var deleted = SyncTimestamp.Zero;
        try
        {
            await RetryAsync(async connection => deleted = await DeleteAllAsync(connection, uid, check));
        }
        finally
        {
            _ = cache.EndAsync(uid, collection: null);
        }

        return deleted;
    }

    private async Task<SyncTimestamp> DeleteAllAsync(MySqlConnection connection, long uid, Action<SyncTimestamp> check)
    {
        var last = SyncTimestamp.Zero;
        await using (var select = Command("START TRANSACTION; SELECT last_modified FROM user_collections WHERE userid = @uid FOR UPDATE"))
        await using (var reader = await select.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync()) last = SyncTimestamp.Max(last, new SyncTimestamp(reader.GetInt64(0)));
        }

        if (cache.Exists && await cache.ReadCacheOnlyAsync(uid, Collections.Tabs) is { } tabs) last = SyncTimestamp.Max(last, tabs.Modified);
        check(last);
        var now = await clock.AfterAsync(last);
        var announced = await cache.AnnounceAsync(uid, collection: null);
        await cache.DeleteCacheOnlyAsync(uid);
        await DeleteItemsAsync(connection, uid);
        await using var rest = Command(
            $"""
            DELETE i FROM batch_upload_items i JOIN batch_uploads u ON u.batch = i.batch AND u.userid = i.userid WHERE u.userid = @uid;
            DELETE FROM batch_uploads WHERE userid = @uid;
            DELETE FROM user_collections WHERE userid = @uid;
            {(announced ? "" : CacheRepairs.NoteSql(uid, now.Milliseconds) + ";")}
            COMMIT
            """);
        await CommitAsync(() => rest.ExecuteNonQueryAsync());
        return now;

        MySqlCommand Command(string sql)
        {
            var command = new MySqlCommand(sql, connection);
            command.Parameters.AddWithValue("@uid", uid);
            return command;
        }
    }

    /// <summary>Deletes items in steps, each well within a command's timeout, however many there are.</summary>
    /// <param name="connection">A connection in a transaction.</param>
    /// <param name="uid">The user.</param>
    /// <param name="collection">The collection; null for all.</param>
    internal static async Task DeleteItemsAsync(MySqlConnection connection, long uid, int? collection = null)
    {
        var which = FormattableString.Invariant($"userid = {uid}{(collection is { } one ? $" AND collection = {one}" : "")}");
        await using var delete = new MySqlCommand(FormattableString.Invariant($"DELETE FROM bso WHERE {which} LIMIT {ItemsPerStep}"), connection);
        while (await delete.ExecuteNonQueryAsync() == ItemsPerStep)
        {
        }
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
}
