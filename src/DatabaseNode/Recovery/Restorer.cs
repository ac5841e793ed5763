using System.Globalization;
using System.Security.Cryptography;
using MySqlConnector;
using SyncStorage.DatabaseNode.Backups;
using SyncStorage.DatabaseNode.Engine;
using SyncStorage.DatabaseNode.Settings;

namespace SyncStorage.DatabaseNode.Recovery;

/// <summary>
/// Brings a database that was copied by a snapshot to a later time: fetches the binary logs that came after it, checks each, and has the server carry
/// them out as if it had got them from another one. Only at the end it is a database to serve from, on a timeline of its own.
/// </summary>
internal sealed partial class Restorer(DataVolume volume, MariaDbServer server, LogArchive archive, TimeProvider time, ILogger logger)
{
    private const int Unit = 1024 * 1024;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Does it; after a start in the midst of it, again.</summary>
    /// <param name="restore">To which time.</param>
    /// <param name="master">The master account's password.</param>
    /// <param name="tell">Hears what is going on.</param>
    /// <param name="cancellationToken">Stops the server.</param>
    /// <exception cref="RestoreException">A backup does not reach it, or is damaged.</exception>
    public async Task RunAsync(RestoreRequest restore, Secret master, Action<string> tell, CancellationToken cancellationToken)
    {
        var timeline = volume.Timeline;
        try
        {
            // What a copy of a running server lacks, its own last binary log has: the server takes it from there when it starts.
            var start = StartOf(volume.BinaryLogs);
            Empty(volume.Fetched);
            var logs = await PlanAsync(timeline, start.File, restore.To, cancellationToken);
            foreach (var log in logs)
            {
                tell($"fetching {log.File} of {logs[^1].File}");
                await FetchAsync(timeline, log, cancellationToken);
            }

            var end = EndOf(logs, restore.To);
            await server.StartAsync(ServerMode.Replaying, master, cancellationToken);
            if (logs.Count > 0) await ReplayAsync(logs, start, end, tell, cancellationToken);
            tell("checking tables");
            await CheckAsync(cancellationToken);
            await server.ExecuteAsync(["STOP SLAVE", "RESET SLAVE ALL", "RESET MASTER"], cancellationToken);
            await server.StopAsync();
        }
        catch (Exception exception) when (exception is InvalidDataException or DatabaseException or MySqlException)
        {
            throw new RestoreException(RestoreException.Damaged, exception.Message, exception);
        }

        Empty(volume.Fetched);
        volume.BeginTimeline();
        volume.NoteRestored(restore.Id);
        LogRestored(restore.To, timeline, volume.Timeline);
    }

    /// <summary>The binary log that the database was writing when it was copied, and how far it was.</summary>
    internal static (string File, long Position) StartOf(string directory)
    {
        var last = Directory.EnumerateFiles(directory, $"{ServerOptions.LogName}.0*").OrderBy(BinaryLog.NumberOf).LastOrDefault()
            ?? throw new RestoreException(RestoreException.Damaged, "What the snapshot holds has no binary log.");
        using var content = File.OpenRead(last);
        return (Path.GetFileName(last), BinaryLog.WholeBytes(content));
    }

    /// <summary>The binary logs that are needed, without a gap.</summary>
    private async Task<IReadOnlyList<ShippedLog>> PlanAsync(string timeline, string first, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var mark = await archive.MarkAsync(timeline, cancellationToken)
            ?? throw new RestoreException(RestoreException.Incomplete, $"The bucket has no binary logs of the timeline {timeline}.");
        if (to > mark.UpTo)
            throw new RestoreException(RestoreException.OutOfReach, $"The binary logs reach {Text(mark.UpTo)}, and not {Text(to)}.");
        var logs = new List<ShippedLog>();
        if (mark.Last is null) return logs;
        for (var number = BinaryLog.NumberOf(first); number <= BinaryLog.NumberOf(mark.Last); number++)
        {
            var file = string.Create(CultureInfo.InvariantCulture, $"{ServerOptions.LogName}.{number:D6}");
            var log = await archive.DescriptionAsync(timeline, file, cancellationToken)
                ?? throw new RestoreException(RestoreException.Incomplete, $"The binary log {file} of the timeline {timeline} is not in the bucket.");
            logs.Add(log);

            // Nothing of the ones after it is wanted: what began after this one's last transaction began later, too.
            if (log.To > to) break;
        }

        return logs;
    }

    private async Task FetchAsync(string timeline, ShippedLog log, CancellationToken cancellationToken)
    {
        var path = Path.Combine(volume.Fetched, Relay(log.File));
        await using (var content = await archive.OpenAsync(timeline, log.File, cancellationToken)
            ?? throw new RestoreException(RestoreException.Incomplete, $"The binary log {log.File} of the timeline {timeline} is not in the bucket."))
        await using (var file = File.Create(path, Unit))
        {
            await content.CopyToAsync(file, cancellationToken);
        }

        await using var fetched = File.OpenRead(path);
        var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(fetched, cancellationToken));
        if (fetched.Length != log.Bytes || digest != log.Sha256)
            throw new RestoreException(
                RestoreException.Damaged,
                $"The binary log {log.File} of the timeline {timeline} is not what was written: it has {fetched.Length} bytes and the digest {digest[..12]}, and had {log.Bytes} and {log.Sha256[..12]}.");
        fetched.Position = 0;
        foreach (var _ in BinaryLog.Events(fetched))
        {
            // Each is whole.
        }
    }

    /// <summary>Where to stop: before the first transaction that is too late, or at the end.</summary>
    private (string File, long Position) EndOf(IReadOnlyList<ShippedLog> logs, DateTimeOffset to)
    {
        foreach (var log in logs)
        {
            using var content = File.OpenRead(Path.Combine(volume.Fetched, Relay(log.File)));
            if (BinaryLog.FirstAfter(content, to) is { } position) return (Relay(log.File), position);
        }

        return logs.Count == 0 ? ("", 0) : (Relay(logs[^1].File), logs[^1].Bytes);
    }

    private async Task ReplayAsync(
        IReadOnlyList<ShippedLog> logs, (string File, long Position) start, (string File, long Position) end, Action<string> tell, CancellationToken cancellationToken)
    {
        await File.WriteAllLinesAsync(Path.Combine(volume.Fetched, $"{ServerOptions.RelayName}.index"), logs.Select(log => Path.Combine(volume.Fetched, Relay(log.File))), cancellationToken);
        await server.ExecuteAsync(
            [
                string.Create(CultureInfo.InvariantCulture, $"CHANGE MASTER TO MASTER_HOST = 'none', MASTER_USE_GTID = no, RELAY_LOG_FILE = '{Relay(start.File)}', RELAY_LOG_POS = {start.Position}"),
                string.Create(CultureInfo.InvariantCulture, $"START SLAVE SQL_THREAD UNTIL RELAY_LOG_FILE = '{end.File}', RELAY_LOG_POS = {end.Position}"),
            ],
            cancellationToken);
        await using var connection = await server.ConnectAsync(cancellationToken);
        while (true)
        {
            var seen = (await connection.QueryAsync("SHOW SLAVE STATUS", cancellationToken))[0];
            if (seen["Last_SQL_Errno"] != "0") throw new RestoreException(RestoreException.Damaged, $"A binary log can't be carried out: {seen["Last_SQL_Error"]}");
            var position = long.Parse(seen["Relay_Log_Pos"], CultureInfo.InvariantCulture);
            if (seen["Relay_Log_File"] == end.File && position >= end.Position) return;
            if (seen["Slave_SQL_Running"] == "No")
                throw new RestoreException(RestoreException.Damaged, $"The server stopped at {seen["Relay_Log_File"]}:{position} instead of {end.File}:{end.Position}, and says nothing of it.");
            tell($"at {seen["Relay_Log_File"]}:{position} of {end.File}:{end.Position}");
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        await using var connection = await server.ConnectAsync(cancellationToken);
        var tables = await connection.QueryAsync(
            "SELECT table_schema AS s, table_name AS t FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('information_schema', 'performance_schema', 'sys')",
            cancellationToken);
        foreach (var table in tables)
        {
            var name = $"{Quoted(table["s"])}.{Quoted(table["t"])}";
            var verdict = await connection.QueryAsync($"CHECK TABLE {name}", cancellationToken);
            if (verdict.FirstOrDefault(row => row["Msg_type"] is "error" or "Error" || (row["Msg_type"] == "status" && row["Msg_text"] is not ("OK" or "Table is already up to date"))) is { } wrong)
                throw new RestoreException(RestoreException.Damaged, $"The table {name} is damaged: {wrong["Msg_text"]}");
        }
    }

    private static void Empty(string directory)
    {
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
        DataVolume.CreatePrivate(directory);
    }

    private static string Quoted(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    private static string Relay(string file) => ServerOptions.RelayName + Path.GetExtension(file);

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString(RestoreRequest.TimeFormat, CultureInfo.InvariantCulture);

    [LoggerMessage(40, LogLevel.Information, "The database is as of {To}: the timeline {From} ends there, and {Next} begins")]
    private partial void LogRestored(DateTimeOffset to, string from, string next);
}
