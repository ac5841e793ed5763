using System.Globalization;
using MySqlConnector;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>What a database holds.</summary>
/// <param name="Database">Its name.</param>
/// <param name="Users">How many users have anything in it, tests' own left out.</param>
/// <param name="About">Whether that is the server's estimate: it is more than are counted.</param>
/// <param name="Bytes">What its tables and indexes take.</param>
internal sealed record DatabaseUsage(string Database, long Users, bool About, long Bytes);

/// <summary>What a dbnode has done and does.</summary>
/// <param name="Statements">Statements since it was started.</param>
/// <param name="UptimeSeconds">Since when that is.</param>
/// <param name="Connections">Connections now.</param>
/// <param name="MostConnections">How many there may be.</param>
internal sealed record NodeLoad(long Statements, long UptimeSeconds, long Connections, long MostConnections);

/// <summary>
/// Looks at what a dbnode holds, with the application account. Each query is bounded, whatever the tables' size: users are counted up to a number,
/// and estimated by the index beyond it; bytes are what the server knows of its files.
/// </summary>
internal sealed class NodeUsage(DatabaseAddress account) : IAsyncDisposable
{
    /// <summary>Users of a database are counted up to this many.</summary>
    public const int MostCounted = 50_000;

    private readonly MySqlDataSource source = new(account.ConnectionString(mostConnections: 2, connectSeconds: 5, commandSeconds: 20));

    /// <summary>The databases of the cluster that the account may see.</summary>
    public async Task<IReadOnlyList<string>> DatabasesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var select = new MySqlCommand("SELECT table_schema FROM information_schema.tables WHERE table_name = 'user_collections' ORDER BY table_schema", connection);
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken)) names.Add(reader.GetString(0));
        return names;
    }

    /// <summary>What a database holds.</summary>
    /// <param name="database">Its name, as it may stand in SQL.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<DatabaseUsage> ReadAsync(string database, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await FreshStatisticsAsync(connection, cancellationToken);
        var users = await CountAsync("user_collections");

        // What is there without a timestamp of its collection would be found by nobody, but is somebody's.
        if (users == 0) users = await CountAsync("bso");
        var about = users >= MostCounted;
        if (about) users = Math.Max(users, await NumberAsync(
            $"SELECT COALESCE(MAX(cardinality), 0) FROM information_schema.statistics WHERE table_schema = '{database}' AND table_name = 'user_collections' AND index_name = 'PRIMARY' AND seq_in_index = 1"));
        var bytes = await NumberAsync($"SELECT COALESCE(SUM(data_length + index_length), 0) FROM information_schema.tables WHERE table_schema = '{database}'");
        return new DatabaseUsage(database, users, about, bytes);

        Task<long> CountAsync(string table) => NumberAsync(FormattableString.Invariant(
            $"SELECT COUNT(*) FROM (SELECT DISTINCT userid FROM {database}.{table} WHERE userid < {SmokeTest.FirstUid} LIMIT {MostCounted}) AS found"));

        async Task<long> NumberAsync(string sql)
        {
            await using var select = new MySqlCommand(sql, connection);
            return Convert.ToInt64(await select.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
        }
    }

    /// <summary>How much it has to do.</summary>
    public async Task<NodeLoad> LoadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var status = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        await using (var show = new MySqlCommand("SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Uptime', 'Threads_connected')", connection))
        await using (var reader = await show.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken)) status[reader.GetString(0)] = Convert.ToInt64(reader.GetValue(1), CultureInfo.InvariantCulture);
        }

        await using var most = new MySqlCommand("SELECT @@max_connections", connection);
        return new NodeLoad(
            status.GetValueOrDefault("Questions"), status.GetValueOrDefault("Uptime"), status.GetValueOrDefault("Threads_connected"),
            Convert.ToInt64(await most.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture));
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    // MySQL 8 keeps the sizes of tables for a day, unless it is told not to; MariaDB does not know the setting, and does not keep them.
    private static async Task FreshStatisticsAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var set = new MySqlCommand("SET SESSION information_schema_stats_expiry = 0", connection);
            await set.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (MySqlException unknown) when (unknown.ErrorCode == MySqlErrorCode.UnknownSystemVariable)
        {
            // As said.
        }
    }
}
