using System.Net;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>
/// What happens to one instance, step after step, in the background: AWS's states at the cloud's pace, and the real
/// server behind them. A server that dies is started again.
/// </summary>
internal sealed partial class DatabaseLifecycle(
    DatabaseRecord record, CloudContext context, IDatabaseEngine engine, Lock gate, Action save, ILogger logger, CancellationToken stopping)
{
    private const int MaxRestarts = 3;
    private static readonly TimeSpan CreatingTakes = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan FirstBackupTakes = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ModifyingTakes = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RebootingTakes = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DeletingTakes = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SnapshotTakes = TimeSpan.FromMinutes(1);

    /// <summary>A server that ran longer than this before it died was not broken from the start.</summary>
    private static readonly TimeSpan RanWell = TimeSpan.FromSeconds(30);

    private readonly StepQueue steps = new();
    private int restarts;
    private long startedAt;

    /// <summary>Completes when all steps asked for so far are done.</summary>
    public Task Idle => steps.Idle;

    public void Create() => Then(CreateAsync);

    /// <summary>LocalCloud started: adopt the server, or start it again.</summary>
    public void Resume() => Then(async () =>
    {
        if (record.Process is { } process && engine.IsAlive(process)) Watch(process);
        else await StartAsync();
    });

    /// <summary>Applies what <paramref name="apply"/> changes in the record, between two waits.</summary>
    public void Modify(Action apply, bool restart, string? password) => Then(async () =>
    {
        await WaitAsync(ModifyingTakes);
        if (password is not null) await engine.SetMasterPasswordAsync(record.Server(), password, stopping);
        if (restart) await StopServerAsync();
        lock (gate)
        {
            apply();
            record.Pending.Remove("MasterUserPassword");
            save();
        }

        if (restart) await StartAsync();
        if (record is { FullGiB: not null, IsFull: false }) await RelieveAsync();
        BecomeAvailable();
    });

    public void Reboot() => Then(async () =>
    {
        await StopServerAsync();
        await StartAsync();
        await WaitAsync(RebootingTakes);
        BecomeAvailable();
    });

    /// <summary>Its storage is full: what it has can be read, and nothing be written, until it gets more.</summary>
    public void FillUp() => Then(async () =>
    {
        lock (gate) record.FullGiB = record.Settings.Number("AllocatedStorage");
        if (record.Process is not null) await engine.SetFullAsync(record.Server(), full: true, stopping);
        BecomeAvailable();
    });

    /// <summary>The server dies, and another one takes over after a while, with the same data at the same address. The API shows nothing of it.</summary>
    public void FailOver(TimeSpan away) => Then(async () =>
    {
        if (record.Process is { } process) Signals.SendToGroup(process.Pid, Signals.Kill);
        await StopServerAsync();
        await Task.Delay(away, context.Time, stopping);
        await StartAsync();
    });

    public void Snapshot(SnapshotRecord snapshot) => Then(async () =>
    {
        await ArchiveAsync(snapshot);
        BecomeAvailable();
    });

    /// <summary>Ends the server, archives its data if asked to, and removes it; then <paramref name="gone"/>.</summary>
    public void Delete(SnapshotRecord? final, Action gone) => Then(async () =>
    {
        await StopServerAsync();
        if (final is not null) await ArchiveAsync(final);
        await WaitAsync(DeletingTakes);
        engine.Remove(record.Server());
        gone();
    });

    /// <summary>Ends the server because LocalCloud ends; it is started again with it.</summary>
    public async Task ShutDownAsync(CancellationToken cancellationToken)
    {
        if (record.Process is { } process) await engine.StopAsync(process, cancellationToken);
    }

    private async Task CreateAsync()
    {
        var started = context.Time.GetTimestamp();
        await engine.CreateAsync(record.Server(), stopping);
        await StartAsync();
        await WaitAsync(CreatingTakes, since: started);
        if (record.Settings.Number("BackupRetentionPeriod") > 0)
        {
            Become("backing-up");
            await WaitAsync(FirstBackupTakes);
        }

        Become("available");
    }

    private async Task StartAsync()
    {
        var process = await engine.StartAsync(record.Server(), stopping);
        if (record.IsFull) await engine.SetFullAsync(record.Server(), full: true, stopping);
        startedAt = context.Time.GetTimestamp();
        lock (gate)
        {
            record.Process = process;
            record.StatusMessage = null;
            save();
        }

        Watch(process);
    }

    private async Task RelieveAsync()
    {
        if (record.Process is not null) await engine.SetFullAsync(record.Server(), full: false, stopping);
        lock (gate)
        {
            record.FullGiB = null;
            save();
        }
    }

    private async Task StopServerAsync()
    {
        ProcessHandle? process;
        lock (gate)
        {
            process = record.Process;
            record.Process = null;
            save();
        }

        if (process is not null) await engine.StopAsync(process, stopping);
    }

    private async Task ArchiveAsync(SnapshotRecord snapshot)
    {
        try
        {
            await engine.ArchiveAsync(record.Server(), record.Process, snapshot.Id, stopping);
            await WaitAsync(SnapshotTakes);
            SetStatus(snapshot, "available");
        }
        catch
        {
            SetStatus(snapshot, "failed");
            throw;
        }
    }

    private void SetStatus(SnapshotRecord snapshot, string status)
    {
        lock (gate)
        {
            snapshot.Status = status;
            save();
        }
    }

    private void Watch(ProcessHandle process) => _ = WatchAsync(process);

    private async Task WatchAsync(ProcessHandle process)
    {
        try
        {
            await engine.WaitForExitAsync(process, stopping);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (!stopping.IsCancellationRequested) Then(() => RecoverAsync(process));
    }

    /// <summary>As RDS does: a server that died is started again, unless it can't stay up.</summary>
    private async Task RecoverAsync(ProcessHandle dead)
    {
        if (record.Process != dead || record.Status is "deleting" or "failed") return;
        restarts = context.Time.GetElapsedTime(startedAt) > RanWell ? 1 : restarts + 1;
        if (restarts > MaxRestarts) throw new DatabaseFailedException("failed", $"MariaDB of {record.Id} died {MaxRestarts} times shortly after its start.");
        LogDied(record.Id, dead.Pid);
        await StartAsync();
    }

    private void Then(Func<Task> step) => steps.Then(() => GuardAsync(step));

    private async Task GuardAsync(Func<Task> step)
    {
        try
        {
            if (!stopping.IsCancellationRequested) await step();
        }
        catch (DatabaseFailedException failure)
        {
            LogFailed(record.Id, failure.Status, failure.Message);
            Settle(failure.Status, failure.Message);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // LocalCloud ends; the next start goes on from the saved state.
        }
#pragma warning disable CA1031 // A step that fails in a way we did not think of must be seen in the instance's status, not lost.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogFailed(record.Id, "failed", failure.ToString());
            Settle("failed", failure.Message);
        }
    }

    /// <summary>The status after a failure: it holds, also where there is no disk to save it.</summary>
    private void Settle(string status, string message)
    {
        try
        {
            Become(status, message);
        }
        catch (Exception unsaved) when (unsaved is IOException or UnauthorizedAccessException)
        {
            LogNotSaved(record.Id, unsaved.Message);
        }
    }

    private void BecomeAvailable()
    {
        if (record.IsFull) Become("storage-full", $"The storage of {record.Id} is full ({record.FullGiB} GiB).");
        else Become("available");
    }

    private void Become(string status, string? message = null)
    {
        lock (gate)
        {
            // A deletion that waits its turn stays visible.
            if (record.Status == "deleting" && status is not ("failed" or "storage-full")) return;
            record.Status = status;
            record.StatusMessage = message;
            save();
        }

        LogBecame(record.Id, status);
    }

    private async Task WaitAsync(TimeSpan awsDuration, long? since = null)
    {
        var rest = context.Scale.Of(awsDuration) - (since is { } from ? context.Time.GetElapsedTime(from) : TimeSpan.Zero);
        if (rest > TimeSpan.Zero) await Task.Delay(rest, context.Time, stopping);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The database {Id} is {Status}")]
    private partial void LogBecame(string id, string status);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database {Id} is {Status}: {Reason}")]
    private partial void LogFailed(string id, string status, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server of database {Id} (process {Pid}) died; it is started again")]
    private partial void LogDied(string id, int pid);

    [LoggerMessage(Level = LogLevel.Error, Message = "The status of the database {Id} could not be saved: {Reason}")]
    private partial void LogNotSaved(string id, string reason);
}
