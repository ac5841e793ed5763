using MySqlConnector;

namespace SyncStorage.ServiceHost.Storage;

/// <summary>
/// Brings a dbnode to where services can use it, with the master account. Each statement can be run again; running services are not
/// disturbed, so the application account's rights are added and never taken away. Names must have been checked.
/// </summary>
internal sealed class DatabaseInitializer(DatabaseAddress master, SchemaMaker schema, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly List<string> created = [];

    /// <summary>Makes what is missing. Returns what it made: databases, the account, and tables of databases that were there before.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<string> databases, string appUser, string appPassword,
        CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        foreach (var database in databases) await MakeDatabaseAsync(connection, database, cancellationToken);
        await MakeAccountAsync(connection, databases, appUser, appPassword, cancellationToken);
        return created;
    }

    private async Task MakeDatabaseAsync(MySqlConnection connection, string database, CancellationToken cancellationToken)
    {
        var isNew = !await ExistsAsync(connection, "SELECT 1 FROM information_schema.schemata WHERE schema_name = @name", database, cancellationToken);
        if (isNew)
        {
            await ExecuteAsync(connection, $"CREATE DATABASE IF NOT EXISTS `{database}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", cancellationToken);
            created.Add(database);
        }

        await connection.ChangeDatabaseAsync(database, cancellationToken);
        var tables = await schema.MakeAsync(connection, cancellationToken);
        if (!isNew) created.AddRange(tables.Select(table => $"{database}.{table}"));
    }

    private async Task MakeAccountAsync(MySqlConnection connection, IReadOnlyList<string> databases, string user, string password,
        CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(connection, "SELECT 1 FROM mysql.user WHERE user = @name AND host = '%'", user, cancellationToken))
            created.Add($"{user}@%");

        // The second statement is for an account that was there with another password, or locked. The parameter is a literal by the time the server
        // sees it, and servers leave the passwords of such statements out of their logs.
        foreach (var (verb, and) in new[] { ("CREATE USER IF NOT EXISTS", ""), ("ALTER USER", " ACCOUNT UNLOCK") })
        {
            await using var command = new MySqlCommand($"{verb} '{user}'@'%' IDENTIFIED BY @password{and}", connection);
            command.Parameters.AddWithValue("@password", password);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        foreach (var database in databases)
        {
            // In a grant, an underscore in a database's name would stand for any character.
            var name = database.Replace("_", "\\_", StringComparison.Ordinal);
            await ExecuteAsync(connection, $"GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON `{name}`.* TO '{user}'@'%'", cancellationToken);
        }
    }

    /// <summary>Connects; a dbnode that was just reported available may need a moment until it listens.</summary>
    private async Task<MySqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var connection = new MySqlConnection(master.ConnectionString(mostConnections: 1, connectSeconds: 5, commandSeconds: 60));
            try
            {
                await connection.OpenAsync(cancellationToken);
                return connection;
            }
            catch (MySqlException exception)
                when (exception.ErrorCode == MySqlErrorCode.UnableToConnectToHost && time.GetElapsedTime(started) < Patience)
            {
                await connection.DisposeAsync();
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
    }

    private static async Task<bool> ExistsAsync(MySqlConnection connection, string sql, string name, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(sql, connection);
        command.Parameters.AddWithValue("@name", name);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    private static async Task ExecuteAsync(MySqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
