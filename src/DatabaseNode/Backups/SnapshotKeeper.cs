using System.Diagnostics;
using System.Globalization;
using SyncStorage.DatabaseNode.Engine;
using SyncStorage.DatabaseNode.Settings;

namespace SyncStorage.DatabaseNode.Backups;

/// <summary>Makes snapshots of the data volume when they are due, and removes those that are too old.</summary>
internal sealed partial class SnapshotKeeper(NodeSettings settings, DataVolume volume, MariaDbServer server, ICloud cloud, TimeProvider time, ILogger logger) : IDisposable
{
    // A statement that runs longer keeps the lock from being had: the snapshot has to wait, not everybody else.
    private const int LockSeconds = 30;

    private readonly SemaphoreSlim gate = new(1);

    /// <summary>Makes one if it is due, and removes what is too old.</summary>
    /// <returns>Of what time the newest is.</returns>
    public async Task<DateTimeOffset> KeepAsync(CancellationToken cancellationToken)
    {
        var snapshots = await cloud.SnapshotsAsync(cancellationToken);
        if (SnapshotPlan.IsDue(snapshots, volume.Timeline, time.GetUtcNow(), settings.SnapshotEvery)) snapshots = [.. snapshots, await TakeAsync(cancellationToken)];
        foreach (var old in SnapshotPlan.Superfluous(snapshots, time.GetUtcNow(), settings.BackupDays))
        {
            await cloud.DeleteSnapshotAsync(old.Id, cancellationToken);
            LogRemoved(old.Id, old.TakenAt);
        }

        return snapshots.Max(snapshot => snapshot.TakenAt);
    }

    /// <summary>
    /// Makes one now, while nothing is written: tables without a log of their own are whole in it, and what comes after it begins with a new binary log.
    /// </summary>
    public async Task<NodeSnapshot> TakeAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await server.ConnectAsync(cancellationToken);
            await connection.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"SET SESSION lock_wait_timeout = {LockSeconds}"), cancellationToken);

            // The connection's end gives the lock back.
            await connection.ExecuteAsync("FLUSH TABLES WITH READ LOCK", cancellationToken);
            await connection.ExecuteAsync("FLUSH BINARY LOGS", cancellationToken);
            var firstLog = (await LogShipper.FilesAsync(connection, cancellationToken))[^1];
            await SyncAsync(cancellationToken);
            var takenAt = time.GetUtcNow();
            var id = await cloud.CreateSnapshotAsync(
                new Dictionary<string, string>
                {
                    [SnapshotTags.Kind] = SnapshotTags.Automatic,
                    [SnapshotTags.TakenAt] = takenAt.UtcDateTime.ToString(RestoreRequest.TimeFormat, CultureInfo.InvariantCulture),
                    [SnapshotTags.Timeline] = volume.Timeline,
                    [SnapshotTags.FirstLog] = firstLog,
                },
                cancellationToken);
            LogTaken(id);
            return new NodeSnapshot(id, takenAt, volume.Timeline);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    // A snapshot has what is on the disk, not what the kernel still holds. LocalCloud's copies have both.
    private async Task SyncAsync(CancellationToken cancellationToken)
    {
        if (settings.IsLocal) return;
        using var sync = Process.Start("sync", ["-f", settings.MountPoint]);
        await sync.WaitForExitAsync(cancellationToken);
        if (sync.ExitCode != 0) throw new DatabaseException($"What is in memory could not be written to the volume: sync ended with {sync.ExitCode}.");
    }

    [LoggerMessage(20, LogLevel.Information, "The snapshot {Id} is being made")]
    private partial void LogTaken(string id);

    [LoggerMessage(21, LogLevel.Information, "The snapshot {Id} of {TakenAt} was too old, and is removed")]
    private partial void LogRemoved(string id, DateTimeOffset takenAt);
}
