using System.Globalization;
using System.Net;
using MySqlConnector;

namespace SyncStorage.Webhead.Tests.Fixtures;

/// <summary>A real MariaDB with a master account, in a folder of its own.</summary>
internal sealed class MariaDb : IAsyncDisposable
{
    public const string MasterPassword = "m4ster'\\\"pass";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("webhead-db-");
    private ChildProcess? process;

    private MariaDb(IPAddress address, int port) => (Address, Port) = (address, port);

    public IPAddress Address { get; }

    public int Port { get; }

    public static async Task<MariaDb> StartAsync()
    {
        var address = Loopback.NextAddress();
        var database = new MariaDb(address, Loopback.FreePort(address));
        try
        {
            Directory.CreateDirectory(database.TempFolder);
            await ChildProcess.RunAsync("mariadb-install-db", "--no-defaults", $"--datadir={database.DataFolder}", $"--tmpdir={database.TempFolder}",
                "--auth-root-authentication-method=normal", "--skip-test-db", $"--user={Environment.UserName}");
            await File.WriteAllTextAsync(database.InitFile,
                $"""
                CREATE USER IF NOT EXISTS 'syncadmin'@'%' IDENTIFIED BY '{MySqlHelper.EscapeString(MasterPassword)}';
                GRANT ALL PRIVILEGES ON *.* TO 'syncadmin'@'%' WITH GRANT OPTION;

                """);
            await database.RunAsync();
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private string DataFolder => Path.Combine(folder.FullName, "data");

    // Not the shared one: a server that starts removes the temporary tables of those that run.
    private string TempFolder => Path.Combine(folder.FullName, "tmp");

    private string InitFile => Path.Combine(folder.FullName, "init.sql");

    /// <summary>Starts it (again), and waits until it listens.</summary>
    public async Task RunAsync()
    {
        process = ChildProcess.Start("mariadbd",
        [
            "--no-defaults", $"--datadir={DataFolder}", $"--tmpdir={TempFolder}", $"--user={Environment.UserName}", $"--bind-address={Address}",
            string.Create(CultureInfo.InvariantCulture, $"--port={Port}"), $"--socket={Path.Combine(folder.FullName, "socket")}",
            $"--pid-file={Path.Combine(folder.FullName, "pid")}", $"--init-file={InitFile}", "--skip-name-resolve",
            "--innodb-buffer-pool-size=16M", "--innodb-log-file-size=16M", "--innodb-flush-log-at-trx-commit=2", "--performance-schema=OFF",
        ]);
        await Loopback.UntilAsync(async () => process.HasExited
            ? throw new InvalidOperationException($"mariadbd ended:\n{process.Output}")
            : await Loopback.AcceptsAsync(Address, Port), "MariaDB listens");
    }

    /// <summary>It keeps its connections, takes new ones, and answers none.</summary>
    public Task FreezeAsync() => process!.SignalAsync("STOP");

    public Task ThawAsync() => process!.SignalAsync("CONT");

    public async Task StopAsync()
    {
        if (process is not null) await process.DisposeAsync();
        process = null;
    }

    /// <summary>A connection string of an account; the master's if none is named.</summary>
    public string ConnectionString(string user = "syncadmin", string password = MasterPassword, string database = "") =>
        new MySqlConnectionStringBuilder
        {
            Server = Address.ToString(),
            Port = (uint)Port,
            UserID = user,
            Password = password,
            Database = database,
            Pooling = false,
        }.ConnectionString;

    public async Task<object?> QueryAsync(string sql)
    {
        await using var connection = new MySqlConnection(ConnectionString());
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Delete(recursive: true);
    }
}
