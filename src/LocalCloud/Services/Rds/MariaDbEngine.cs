using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MySqlConnector;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>One real MariaDB an instance, below <c>STATE/rds/&lt;id&gt;</c>, on the instance's own address.</summary>
internal sealed class MariaDbEngine(CloudContext context, IProcessHost processes) : IDatabaseEngine, IDisposable
{
    private static readonly TimeSpan ReadyBudget = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly MariaDbFiles files = new(context.StateDirectory);
    private readonly MariaDbTemplate template = new(new MariaDbFiles(context.StateDirectory), processes, MariaDbTemplate.UserCache(), context.Time);

    public void PrepareMaster(DatabaseServer server, string password)
    {
        PrivateFile.CreateDirectory(files.Of(server.Id));
        var administrator = Convert.ToHexString(RandomNumberGenerator.GetBytes(24));
        PrivateFile.Write(files.AdministratorPassword(server.Id), Encoding.UTF8.GetBytes(administrator));
        PrivateFile.Write(
            files.InitFile(server.Id),
            Encoding.UTF8.GetBytes(MariaDbAccounts.InitFile(server.MasterUsername, password, administrator, server.DatabaseName)));
    }

    public async Task CreateAsync(DatabaseServer server, CancellationToken cancellationToken)
    {
        try
        {
            await EndLeftoversAsync(server);
            var empty = await template.GetAsync(Programs(), Environment(), cancellationToken);
            var data = files.Data(server.Id);
            if (Directory.Exists(data)) Directory.Delete(data, recursive: true);
            await Task.Run(() => MariaDbFiles.Copy(empty, data, cancellationToken), cancellationToken);
        }
        catch (IOException failure)
        {
            throw MariaDbFiles.Explain(server.Id, failure);
        }
    }

    public async Task<ProcessHandle> StartAsync(DatabaseServer server, CancellationToken cancellationToken)
    {
        var programs = Programs();
        await EndLeftoversAsync(server);
        var log = files.Log(server.Id);
        var logged = File.Exists(log) ? new FileInfo(log).Length : 0;
        Directory.CreateDirectory(files.Temporary(server.Id));
        var spec = new ProcessSpec(programs.Server, MariaDbOptions.Of(server, files), Environment(server), files.Of(server.Id), log);
        ProcessHandle process;
        try
        {
            process = await processes.StartAsync(spec, cancellationToken);
        }
        catch (InvalidOperationException failure)
        {
            throw new DatabaseFailedException("failed", $"MariaDB of {server.Id} could not be started: {failure.Message}", failure);
        }

        try
        {
            await ReadyAsync(server, process, logged, cancellationToken);
        }
        catch
        {
            await processes.StopAsync(process, StopGrace, CancellationToken.None);
            throw;
        }

        // Accounts are in the data directory now.
        File.Delete(files.InitFile(server.Id));
        return process;
    }

    public bool IsAlive(ProcessHandle process) => processes.IsAlive(process);

    public Task WaitForExitAsync(ProcessHandle process, CancellationToken cancellationToken) => processes.WaitForExitAsync(process, cancellationToken);

    public Task StopAsync(ProcessHandle process, CancellationToken cancellationToken) => processes.StopAsync(process, StopGrace, cancellationToken);

    public async Task SetMasterPasswordAsync(DatabaseServer server, string password, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(server, cancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of a checked name and a hash.
        command.CommandText = MariaDbAccounts.SetPassword(server.MasterUsername, password);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task ArchiveAsync(DatabaseServer server, ProcessHandle? process, string snapshotId, CancellationToken cancellationToken)
    {
        var copy = files.SnapshotCopy(snapshotId);
        try
        {
            if (process is null) await Task.Run(() => MariaDbFiles.Copy(files.Data(server.Id), copy, cancellationToken), cancellationToken);
            else await CopyFrozenAsync(server, process, copy, cancellationToken);
            await MariaDbFiles.PackAsync(copy, files.Snapshot(snapshotId), cancellationToken);
        }
        catch (IOException failure)
        {
            throw MariaDbFiles.Explain(server.Id, failure);
        }
        catch (TimeoutException failure)
        {
            throw new DatabaseFailedException("available", failure.Message, failure);
        }
        finally
        {
            if (Directory.Exists(copy)) Directory.Delete(copy, recursive: true);
        }
    }

    public async Task<DatabaseFigures?> MeasureAsync(DatabaseServer server, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await ConnectAsync(server, cancellationToken);
            await using var command = connection.CreateCommand();

            // All but this connection, and the server's own threads.
            command.CommandText = "SELECT COUNT(*) FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND user NOT IN ('system user', 'event_scheduler')";
            var connections = DatabaseMetrics.Number(await command.ExecuteScalarAsync(cancellationToken));
            return new DatabaseFigures(connections, DatabaseMetrics.SizeOf(files.Of(server.Id)), new DriveInfo(files.Of(server.Id)).AvailableFreeSpace);
        }
        catch (Exception gone) when (gone is MySqlException or IOException)
        {
            // It starts, stops or fails over: the next look may see it.
            return null;
        }
    }

    // A real limit to its files would end MariaDB: it takes no write that fails.
    public async Task SetFullAsync(DatabaseServer server, bool full, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(server, cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = full ? "SET GLOBAL read_only = ON" : "SET GLOBAL read_only = OFF";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public void RemoveSnapshot(string snapshotId) => File.Delete(files.Snapshot(snapshotId));

    public void Remove(DatabaseServer server)
    {
        if (Directory.Exists(files.Of(server.Id))) Directory.Delete(files.Of(server.Id), recursive: true);
        File.Delete(files.Socket(server.Id));
    }

    public void Dispose()
    {
        files.RemoveSocketsIfNone();
        template.Dispose();
    }

    private static MariaDbPrograms Programs() => MariaDbPrograms.Find() ?? throw new DatabaseFailedException("failed",
        "MariaDB is not installed on this machine: neither mariadbd nor mariadb-install-db was found. Install it (Debian: apt-get install mariadb-server), "
        + "then delete and create the database again.");

    /// <summary>Two servers on one data directory would not do: one that nobody has on record goes first.</summary>
    private Task EndLeftoversAsync(DatabaseServer server) => Leftovers.EndAsync(Leftovers.Owner, files.Of(server.Id), StopGrace, context.Time);

    private Dictionary<string, string> Environment(DatabaseServer server) =>
        new(Environment(), StringComparer.Ordinal) { [Leftovers.Owner] = files.Of(server.Id) };

    private static Dictionary<string, string> Environment() => new(StringComparer.Ordinal)
    {
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["LC_ALL"] = "C",
    };

    private async Task ReadyAsync(DatabaseServer server, ProcessHandle process, long logged, CancellationToken cancellationToken)
    {
        var started = context.Time.GetTimestamp();
        while (true)
        {
            if (!processes.IsAlive(process))
            {
                throw MariaDbFiles.Explain(
                    $"MariaDB of {server.Id} ended while it started. Its log ends with: {MariaDbFiles.LastLines(files.Log(server.Id), logged)}");
            }

            try
            {
                await using var connection = await ConnectAsync(server, cancellationToken);
                return;
            }
            catch (MySqlException failure) when (context.Time.GetElapsedTime(started) > ReadyBudget)
            {
                throw new DatabaseFailedException("failed",
                    $"MariaDB of {server.Id} runs but accepts no connection after {ReadyBudget.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s ({failure.Message}).", failure);
            }
            catch (MySqlException)
            {
                await Task.Delay(Poll, context.Time, cancellationToken);
            }
        }
    }

    private async Task<MySqlConnection> ConnectAsync(DatabaseServer server, CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(new MySqlConnectionStringBuilder
        {
            Server = files.Socket(server.Id),
            ConnectionProtocol = MySqlConnectionProtocol.Unix,
            UserID = MariaDbAccounts.Administrator,
            Password = await File.ReadAllTextAsync(files.AdministratorPassword(server.Id), cancellationToken),
            SslMode = MySqlSslMode.None,
            Pooling = false,
            ConnectionTimeout = 5,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Copies the files while the server is stopped in its tracks. What the kernel has is then what a snapshot of the
    /// volume would hold: InnoDB recovers from it. The lock keeps the tables without a log (accounts) whole.
    /// </summary>
    private async Task CopyFrozenAsync(DatabaseServer server, ProcessHandle process, string copy, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(server, cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "FLUSH TABLES WITH READ LOCK";
        await command.ExecuteNonQueryAsync(cancellationToken);
        await using (await FrozenProcess.FreezeAsync(process, context.Time, cancellationToken))
        {
            await Task.Run(() => MariaDbFiles.Copy(files.Data(server.Id), copy, cancellationToken), cancellationToken);
        }

        // The connection's end gives the lock back.
    }
}
