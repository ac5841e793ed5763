using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using MySqlConnector;
using SyncStorage.DatabaseNode.Backups;
using SyncStorage.DatabaseNode.Engine;
using SyncStorage.DatabaseNode.Recovery;
using SyncStorage.DatabaseNode.Settings;

namespace SyncStorage.DatabaseNode.Serving;

/// <summary>
/// A dbnode: makes the database if its volume is empty, brings it to a time if it is to be restored, runs the server, and makes its backups.
/// </summary>
internal sealed partial class NodeService : IAsyncDisposable
{
    private static readonly TimeSpan SnapshotPause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LastShipBudget = TimeSpan.FromSeconds(30);

    private readonly NodeSettings settings;
    private readonly ICloud cloud;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly MariaDbPrograms programs;
    private readonly DataVolume volume;
    private readonly LogArchive archive;
    private readonly MariaDbServer server;
    private readonly LogShipper shipper;
    private readonly SnapshotKeeper snapshots;
    private readonly NodeStatus status = new();
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NodeService(NodeSettings settings, string release, MariaDbPrograms programs, ICloud cloud, TimeProvider time, ILogger logger)
    {
        (this.settings, this.programs, this.cloud, this.time, this.logger) = (settings, programs, cloud, time, logger);
        volume = new DataVolume(settings.MountPoint);
        archive = new LogArchive(cloud, settings.Node);
        server = new MariaDbServer(settings, volume, programs, time, logger);
        shipper = new LogShipper(volume, server, archive, time, logger);
        snapshots = new SnapshotKeeper(settings, volume, server, cloud, time, logger);
        status.Note("node", settings.Node);
        status.Note("release", release);
    }

    // What a restore gave is another history. It is nobody's backup before it is taken into service.
    private bool IsWaiting => settings.Restore is { } restore && volume.BegunBy != restore.Id;

    /// <summary>Runs until it is told to stop, or the server ends.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken stopping)
    {
        await using var control = ControlSocket.Open(settings.RunDirectory, AnswerAsync, time);
        try
        {
            status.Become(NodeState.Starting);
            if (await volume.InitializeAsync(programs, stopping)) LogInitialized();
            if (settings.Restore is { } restore && volume.RestoredBy != restore.Id && !await RestoreAsync(restore, stopping)) return 0;
            await server.StartAsync(ServerMode.Serving, await cloud.ReadSecretAsync(settings.MasterPasswordParameter, stopping), stopping);
            status.Note("timeline", volume.Timeline);
            status.Note("backups", IsWaiting ? "waiting" : "running");
            status.Become(NodeState.Ready);
            return await ServeAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            LogFailed(exception.Message);
            return 1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        shipper.Dispose();
        snapshots.Dispose();
    }

    /// <summary>False if it failed: then the volume is none to serve from, and why is asked for until it is told to stop.</summary>
    private async Task<bool> RestoreAsync(RestoreRequest restore, CancellationToken stopping)
    {
        status.Become(NodeState.Restoring);
        try
        {
            await new Restorer(volume, server, archive, time, logger).RunAsync(
                restore, await cloud.ReadSecretAsync(settings.MasterPasswordParameter, stopping), progress => status.Note("progress", progress), stopping);
            status.Note("progress", null);
            return true;
        }
        catch (RestoreException exception)
        {
            LogNotRestored(exception.Code, exception.Message);
            status.Become(NodeState.Failed, exception.Code, exception.Message);
            await server.StopAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stopping);
            return false;
        }
    }

    private async Task<int> ServeAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var backups = BackUpAsync(ending.Token);
        var exit = server.WaitForExitAsync(stopping);
        await Task.WhenAny(exit, Task.Delay(Timeout.InfiniteTimeSpan, time, stopping));
        await ending.CancelAsync();
        await backups;
        if (!stopping.IsCancellationRequested)
        {
            LogFailed($"MariaDB ended by itself with {(await exit).ToString(CultureInfo.InvariantCulture)}.");
            return 1;
        }

        await ShipLastAsync();
        await server.StopAsync();
        return 0;
    }

    // Whoever takes the volume over would do it, too. But then a restore could reach what was committed last only after that.
    private async Task ShipLastAsync()
    {
        if (IsWaiting) return;
        using var budget = new CancellationTokenSource(LastShipBudget, time);
        await TryAsync("shippingError", () => shipper.ShipAsync(budget.Token), budget.Token);
    }

    private async Task BackUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (IsWaiting) await begun.Task.WaitAsync(cancellationToken);
            var nextLook = DateTimeOffset.MinValue;
            while (true)
            {
                await TryAsync("shippingError", async () => NoteMark(await shipper.ShipAsync(cancellationToken)), cancellationToken);
                if (nextLook <= time.GetUtcNow())
                {
                    nextLook = time.GetUtcNow() + SnapshotPause;
                    await TryAsync("snapshotError", async () => NoteSnapshot(await snapshots.KeepAsync(cancellationToken)), cancellationToken);
                }

                await Task.Delay(settings.ShipEvery, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It ends with the server.
        }
    }

    /// <summary>A backup that fails is told, and tried again; the database goes on.</summary>
    private async Task TryAsync(string fact, Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
            status.Note(fact, null);
        }
        catch (Exception exception) when (IsExpected(exception) && !cancellationToken.IsCancellationRequested)
        {
            LogBackupFailed(fact, exception.Message);
            status.Note(fact, exception.Message);
        }
    }

    private static bool IsExpected(Exception exception) =>
        exception is AmazonClientException or AmazonServiceException or MySqlException or IOException or InvalidDataException or HttpRequestException or DatabaseException or TimeoutException
            or OperationCanceledException;

    private void NoteStorage()
    {
        var (free, total) = volume.Storage;
        status.Note("freeBytes", free.ToString(CultureInfo.InvariantCulture));
        status.Note("totalBytes", total.ToString(CultureInfo.InvariantCulture));
    }

    private async Task<JsonObject> AnswerAsync(string command, CancellationToken cancellationToken)
    {
        try
        {
            switch (command)
            {
                case "status":
                    NoteStorage();
                    break;
                case "ship" when !IsWaiting:
                    NoteMark(await shipper.ShipAsync(cancellationToken));
                    break;
                case "snapshot" when !IsWaiting:
                    NoteSnapshot((await snapshots.TakeAsync(cancellationToken)).TakenAt);
                    break;
                case "set-master":
                    await server.ExecuteAsync(["SET SESSION sql_log_bin = 0", ServerAccounts.SetMaster(await cloud.ReadSecretAsync(settings.MasterPasswordParameter, cancellationToken))], cancellationToken);
                    break;
                case "begin":
                    Begin();
                    break;
                default:
                    return Failed(IsWaiting ? "what was restored is not in service yet, and has no backups" : $"unknown command \"{command}\"");
            }

            return status.ToJson();
        }
        catch (Exception exception) when (IsExpected(exception) && !cancellationToken.IsCancellationRequested)
        {
            return Failed(exception.Message);
        }
    }

    private void Begin()
    {
        if (settings.Restore is not { } restore || !IsWaiting) return;
        if (volume.RestoredBy != restore.Id) throw new DatabaseException("It is not restored, and can't be taken into service.");
        volume.NoteBegun(restore.Id);
        status.Note("backups", "running");
        begun.TrySetResult();
    }

    private static JsonObject Failed(string error) => new() { ["ok"] = false, ["error"] = error };

    private void NoteMark(ShippedMark mark) => status.Note("shippedUpTo", Text(mark.UpTo));

    private void NoteSnapshot(DateTimeOffset takenAt) => status.Note("snapshotOf", Text(takenAt));

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(RestoreRequest.TimeFormat, CultureInfo.InvariantCulture);

    [LoggerMessage(30, LogLevel.Information, "The volume was empty: the database is made")]
    private partial void LogInitialized();

    [LoggerMessage(31, LogLevel.Error, "The dbnode ends: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(32, LogLevel.Error, "The restore failed ({Code}): {Reason}")]
    private partial void LogNotRestored(string code, string reason);

    [LoggerMessage(33, LogLevel.Error, "A backup failed ({Fact}): {Reason}")]
    private partial void LogBackupFailed(string fact, string reason);
}
