using System.Security.Cryptography;
using MySqlConnector;
using SyncStorage.DatabaseNode.Engine;

namespace SyncStorage.DatabaseNode.Backups;

/// <summary>
/// Brings the binary logs to the bucket: closes the one that is being written if anything is in it, copies what is closed, says how far that is, and lets
/// the server remove what is there.
/// </summary>
internal sealed partial class LogShipper(DataVolume volume, MariaDbServer server, LogArchive archive, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private ShippedMark? mark;
    private string? rotated;

    /// <summary>Brings there what is not yet.</summary>
    /// <returns>How far the logs are there.</returns>
    public async Task<ShippedMark> ShipAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var timeline = volume.Timeline;
            mark ??= await archive.MarkAsync(timeline, cancellationToken) ?? new ShippedMark(default, null);
            var now = time.GetUtcNow();
            await using var connection = await server.ConnectAsync(cancellationToken);
            await RotateAsync(connection, cancellationToken);
            var files = await FilesAsync(connection, cancellationToken);
            var last = mark.Last;
            foreach (var file in files.SkipLast(1).Where(file => last is null || BinaryLog.NumberOf(file) > BinaryLog.NumberOf(last)).ToList())
            {
                await ShipAsync(timeline, file, cancellationToken);
                last = file;
            }

            mark = new ShippedMark(now, last);
            await archive.WriteMarkAsync(timeline, mark, cancellationToken);
            await connection.ExecuteAsync($"PURGE BINARY LOGS TO '{files[^1]}'", cancellationToken);
            return mark;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The binary logs that the server has; it writes the last one.</summary>
    public static async Task<IReadOnlyList<string>> FilesAsync(MySqlConnection connection, CancellationToken cancellationToken) =>
        [.. (await connection.QueryAsync("SHOW BINARY LOGS", cancellationToken)).Select(row => row["Log_name"])];

    public void Dispose() => gate.Dispose();

    // What commits between the question and the change of files is in the closed one: then it is asked for nothing once more.
    private async Task RotateAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        var position = (await connection.QueryAsync("SELECT @@GLOBAL.gtid_binlog_pos AS position", cancellationToken))[0]["position"];
        if (position == rotated) return;
        await connection.ExecuteAsync("FLUSH BINARY LOGS", cancellationToken);
        rotated = position;
    }

    private async Task ShipAsync(string timeline, string file, CancellationToken cancellationToken)
    {
        await using var content = new FileStream(Path.Combine(volume.BinaryLogs, file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var begins = BinaryLog.Events(content).Where(one => one.BeginsTransaction).Select(one => one.Time).ToList();
        content.Position = 0;
        var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        content.Position = 0;
        var log = new ShippedLog(file, content.Length, digest, begins.Count == 0 ? null : begins.Min(), begins.Count == 0 ? null : begins.Max());
        await archive.WriteAsync(timeline, log, content, cancellationToken);
        LogShipped(file, log.Bytes);
    }

    [LoggerMessage(10, LogLevel.Information, "The binary log {File} ({Bytes} bytes) is in the bucket")]
    private partial void LogShipped(string file, long bytes);
}
