using MySqlConnector;

namespace SyncStorage.ServiceHost.Storage;

/// <summary>Makes the tables of a database, where they are missing. Any number of processes may do it at once.</summary>
/// <param name="tables">What makes each table, by its name.</param>
/// <param name="rows">What makes the rows that every such database has. Each can be run again.</param>
internal sealed class SchemaMaker(IReadOnlyDictionary<string, string> tables, IReadOnlyList<string> rows)
{
    private const int PatienceSeconds = 20;

    /// <summary>Makes what is missing in the connection's database; returns the names of the tables that it made.</summary>
    public async Task<IReadOnlyList<string>> MakeAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        // Each statement could be run by several at once; but two that make the same table wait for each other's locks, and the lock
        // lets the second see that there is nothing left to do. Its name must be the database's: locks are the server's.
        await ExecuteAsync(connection, $"DO GET_LOCK(CONCAT(LEFT(DATABASE(), 50), '.schema'), {PatienceSeconds})", cancellationToken);
        try
        {
            var created = new List<string>();
            foreach (var (table, sql) in tables)
            {
                if (await ExistsAsync(connection, table, cancellationToken)) continue;
                await ExecuteAsync(connection, sql, cancellationToken);
                created.Add(table);
            }

            foreach (var sql in rows) await ExecuteAsync(connection, sql, cancellationToken);
            return created;
        }
        finally
        {
            await ExecuteAsync(connection, "DO RELEASE_LOCK(CONCAT(LEFT(DATABASE(), 50), '.schema'))", CancellationToken.None);
        }
    }

    private static async Task<bool> ExistsAsync(MySqlConnection connection, string table, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = @table", connection);
        command.Parameters.AddWithValue("@table", table);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    private static async Task ExecuteAsync(MySqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
