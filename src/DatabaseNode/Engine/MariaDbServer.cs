using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using MySqlConnector;
using SyncStorage.DatabaseNode.Settings;

namespace SyncStorage.DatabaseNode.Engine;

/// <summary>The server's process: started, asked, stopped.</summary>
internal sealed partial class MariaDbServer(NodeSettings settings, DataVolume volume, MariaDbPrograms programs, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    // A server that was killed first does again what its logs say.
    private static readonly TimeSpan ReadyBudget = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StopBudget = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan SilentBudget = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly Secret own = new(Convert.ToHexString(RandomNumberGenerator.GetBytes(24)));
    private Process? process;

    /// <summary>Starts it, and returns when it answers.</summary>
    /// <param name="mode">What for.</param>
    /// <param name="master">The master account's password.</param>
    /// <param name="cancellationToken">Ends it again.</param>
    /// <exception cref="DatabaseException">It ends while it starts, or does not come to answer.</exception>
    public async Task StartAsync(ServerMode mode, Secret master, CancellationToken cancellationToken)
    {
        await EndLeftoverAsync(cancellationToken);
        DataVolume.CreatePrivate(settings.RunDirectory);
        DataVolume.CreatePrivate(volume.Fetched);
        var initFile = Path.Combine(settings.RunDirectory, "init.sql");
        await WritePrivateAsync(initFile, ServerAccounts.InitFile(settings.Address, own, master), cancellationToken);
        try
        {
            var start = new ProcessStartInfo(programs.Server) { WorkingDirectory = volume.Data };
            foreach (var option in ServerOptions.Of(settings, volume, initFile, mode)) start.ArgumentList.Add(option);
            process = Process.Start(start) ?? throw new DatabaseException($"{programs.Server} could not be started.");
            await ReadyAsync(cancellationToken);
        }
        catch
        {
            await StopAsync();
            throw;
        }
        finally
        {
            File.Delete(initFile);
        }

        LogStarted(mode, settings.Address.ToString(), settings.Port);
    }

    /// <summary>Ends when the server does, with its exit code.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        var running = process ?? throw new InvalidOperationException("The server was not started.");
        await running.WaitForExitAsync(cancellationToken);
        return running.ExitCode;
    }

    /// <summary>A connection of this service's own account.</summary>
    public async Task<MySqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(new MySqlConnectionStringBuilder
        {
            Server = settings.Address.ToString(),
            Port = (uint)settings.Port,
            UserID = ServerAccounts.Own,
            Password = own.Reveal(),
            SslMode = MySqlSslMode.None,
            Pooling = false,
            ConnectionTimeout = 5,
            DefaultCommandTimeout = 60,
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

    /// <summary>Carries statements out, one after the other, on one connection.</summary>
    public async Task ExecuteAsync(IReadOnlyList<string> statements, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        foreach (var statement in statements) await connection.ExecuteAsync(statement, cancellationToken);
    }

    /// <summary>Ends it so that nothing has to be recovered; one that does not end is killed, and recovers at its next start.</summary>
    public async Task StopAsync()
    {
        if (process is not { } running) return;
        using var budget = new CancellationTokenSource(StopBudget, time);
        try
        {
            if (!running.HasExited) await ExecuteAsync(["SHUTDOWN"], budget.Token);
        }
        catch (MySqlException)
        {
            // It ended before it answered, or does not answer at all.
            budget.CancelAfter(SilentBudget);
        }

        try
        {
            await running.WaitForExitAsync(budget.Token);
        }
        catch (OperationCanceledException exception)
        {
            LogKilled(exception.Message);
            running.Kill();
            await running.WaitForExitAsync(CancellationToken.None);
        }

        running.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task ReadyAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            if (process!.HasExited)
                throw new DatabaseException($"MariaDB ended with {process.ExitCode.ToString(CultureInfo.InvariantCulture)} while it started; its own messages are above.");
            try
            {
                await using var connection = await ConnectAsync(cancellationToken);
                return;
            }
            catch (MySqlException failure) when (time.GetElapsedTime(started) > ReadyBudget)
            {
                throw new DatabaseException($"MariaDB runs, but accepts no connection after {ReadyBudget.TotalMinutes} minutes ({failure.Message}).", failure);
            }
            catch (MySqlException)
            {
                await Task.Delay(Poll, time, cancellationToken);
            }
        }
    }

    /// <summary>Two servers on one directory would not do: one whose service was killed goes first.</summary>
    private async Task EndLeftoverAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(volume.PidFile) || !int.TryParse((await File.ReadAllTextAsync(volume.PidFile, cancellationToken)).Trim(), out var pid)) return;
        try
        {
            using var left = Process.GetProcessById(pid);
            if (!CommandLineOf(pid).Contains($"--datadir={volume.Data}", StringComparer.Ordinal)) return;
            LogKilled($"process {pid} was left of a service that ended before it");
            left.Kill();
            await left.WaitForExitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // There is no such process.
        }
    }

    private static string[] CommandLineOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Split('\0');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static async Task WritePrivateAsync(string path, string text, CancellationToken cancellationToken)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(text.AsMemory(), cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Information, "MariaDB runs ({Mode}) at {Address}:{Port}")]
    private partial void LogStarted(ServerMode mode, string address, int port);

    [LoggerMessage(2, LogLevel.Warning, "MariaDB is killed: {Reason}")]
    private partial void LogKilled(string reason);
}

/// <summary>Statements on a connection.</summary>
internal static class Statements
{
    /// <summary>Carries one out.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="sql">Fixed, or made of checked names, hashes and numbers.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public static async Task ExecuteAsync(this MySqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Nothing of a user's is in it.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The rows of a query, each by the names of its columns; null values are empty.</summary>
    public static async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> QueryAsync(this MySqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Nothing of a user's is in it.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<IReadOnlyDictionary<string, string>>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (var column = 0; column < reader.FieldCount; column++)
                row[reader.GetName(column)] = await reader.IsDBNullAsync(column, cancellationToken) ? "" : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture)!;
            rows.Add(row);
        }

        return rows;
    }
}
