using System.Globalization;
using System.Net;
using MySqlConnector;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.WebheadLoad;

/// <summary>A MariaDB that keeps what it acknowledged: InnoDB as it is by default, with memory for the data that is measured.</summary>
internal sealed class DurableMariaDb : IAsyncDisposable
{
    public const string MasterPassword = "master";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("webhead-benchmark-");
    private ChildProcess? process;

    public required IPAddress Address { get; init; }

    public required int Port { get; init; }

    public static async Task<DurableMariaDb> StartAsync()
    {
        var address = Loopback.NextAddress();
        var database = new DurableMariaDb { Address = address, Port = Loopback.FreePort(address) };
        try
        {
            await database.InstallAsync();
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public string ConnectionString(string user, string password, string database) => new MySqlConnectionStringBuilder
    {
        Server = Address.ToString(),
        Port = (uint)Port,
        UserID = user,
        Password = password,
        Database = database,
        MaximumPoolSize = 20,
        ConnectionReset = false,
    }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        if (process is not null) await process.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private async Task InstallAsync()
    {
        var data = Path.Combine(folder.FullName, "data");
        var temp = folder.CreateSubdirectory("tmp").FullName;
        await ChildProcess.RunAsync("mariadb-install-db", "--no-defaults", $"--datadir={data}", $"--tmpdir={temp}",
            "--auth-root-authentication-method=normal", "--skip-test-db", $"--user={Environment.UserName}");
        var initFile = Path.Combine(folder.FullName, "init.sql");
        await File.WriteAllTextAsync(initFile,
            $"""
            CREATE USER IF NOT EXISTS 'syncadmin'@'%' IDENTIFIED BY '{MasterPassword}';
            GRANT ALL PRIVILEGES ON *.* TO 'syncadmin'@'%' WITH GRANT OPTION;

            """);
        process = ChildProcess.Start("mariadbd",
        [
            "--no-defaults", $"--datadir={data}", $"--tmpdir={temp}", $"--user={Environment.UserName}", $"--bind-address={Address}",
            string.Create(CultureInfo.InvariantCulture, $"--port={Port}"), $"--socket={Path.Combine(folder.FullName, "socket")}",
            $"--pid-file={Path.Combine(folder.FullName, "pid")}", $"--init-file={initFile}", "--skip-name-resolve",
            "--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=512M", "--innodb-log-file-size=256M",
        ]);
        await Loopback.UntilAsync(async () => process.HasExited
            ? throw new InvalidOperationException($"mariadbd ended:\n{process.Output}")
            : await Loopback.AcceptsAsync(Address, Port), "MariaDB listens");
    }
}
