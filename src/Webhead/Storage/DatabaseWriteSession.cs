using System.Text;
using MySqlConnector;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>
/// A write under way in a database: it holds the lock on the user's collection, and has the one timestamp of all it writes. What is
/// thrown from within rolls it back. Statements whose outcome nobody asks for wait for the next that somebody does, or for the commit,
/// and go with it in one round trip.
/// </summary>
internal sealed class DatabaseWriteSession(MySqlConnection connection, long uid, int collection) : IWriteSession
{
    private const int LongestPending = 2 * 1024 * 1024;
    private readonly List<MySqlBatchCommand> pending = [];
    private int pendingLength;
    private bool deleted;

    public SyncTimestamp Now { get; init; }

    public SyncTimestamp CollectionModified => Before ?? throw new InvalidOperationException("A write that does not look back has no timestamp of before.");

    /// <summary>When the collection changed last, before this write; null if the lock was taken without looking.</summary>
    public SyncTimestamp? Before { get; init; }

    /// <summary>Whether the collection has this write's timestamp already.</summary>
    public bool IsStamped { get; init; }

    public async Task<SyncTimestamp?> ReadItemModifiedAsync(string id)
    {
        await FlushAsync();
        await using var select = Command(
            "SELECT modified FROM bso WHERE userid = @uid AND collection = @collection AND id = @id AND ttl > @now");
        select.Parameters.AddWithValue("@id", Encoding.ASCII.GetBytes(id));
        return await select.ExecuteScalarAsync() is long modified ? new SyncTimestamp(modified) : null;
    }

    public async Task UpsertAsync(IReadOnlyList<ItemChange> items)
    {
        foreach (var sameShape in items.GroupBy(UpsertStatement.ShapeOf))
        {
            var statement = new UpsertStatement(sameShape.Key, uid, collection, Now);
            foreach (var item in sameShape)
            {
                if (pendingLength + statement.Length > LongestPending)
                {
                    Add(statement);
                    await FlushAsync();
                    statement = new UpsertStatement(sameShape.Key, uid, collection, Now);
                }

                statement.Add(item);
            }

            Add(statement);
        }
    }

    public async Task<int> DeleteAsync(IReadOnlyCollection<string> ids)
    {
        await FlushAsync();
        await using var delete = Command("");
        delete.CommandText = "DELETE FROM bso WHERE userid = @uid AND collection = @collection AND ttl > @now AND id IN ("
            + ItemQueries.IdParameters(delete.Parameters, ids) + ")";
        return await delete.ExecuteNonQueryAsync();
    }

    public async Task DeleteCollectionAsync()
    {
        await FlushAsync();
        await DatabaseWriter.DeleteItemsAsync(connection, uid, collection);
        await using var rest = Command(
            """
            DELETE FROM user_collections WHERE userid = @uid AND collection = @collection;
            INSERT INTO user_collections (userid, collection, last_modified) VALUES (@uid, 0, @modified)
            ON DUPLICATE KEY UPDATE last_modified = GREATEST(last_modified, @modified)
            """);
        await rest.ExecuteNonQueryAsync();
        deleted = true;
    }

    public async Task CommitBatchAsync(long batch)
    {
        await FlushAsync();
        await DatabaseBatches.CommitAsync(Command, batch, Now);
    }

    /// <summary>Gives the collection this write's timestamp, if it still is there, and commits.</summary>
    /// <param name="announced">Whether the cache knows of the write; if not, a row for its repair is written, too.</param>
    public async Task EndAsync(bool announced)
    {
        if (!announced) pending.Add(new MySqlBatchCommand(CacheRepairs.NoteSql(uid, Now.Milliseconds)));
        if (!deleted && !IsStamped)
        {
            var update = new MySqlBatchCommand("UPDATE user_collections SET last_modified = @modified WHERE userid = @uid AND collection = @collection");
            AddUser(update.Parameters);
            pending.Add(update);
        }

        pending.Add(new MySqlBatchCommand("COMMIT"));
        await FlushAsync();
    }

    private void Add(UpsertStatement statement)
    {
        if (statement.Length == 0) return;
        pending.Add(statement.Make());
        pendingLength += statement.Length;
    }

    private async Task FlushAsync()
    {
        if (pending.Count == 0) return;
        await using var batch = new MySqlBatch(connection);
        foreach (var command in pending) batch.BatchCommands.Add(command);
        pending.Clear();
        await batch.ExecuteNonQueryAsync();
        pendingLength = 0;
    }

    private MySqlCommand Command(string sql)
    {
        var command = new MySqlCommand(sql, connection);
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
