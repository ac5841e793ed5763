using System.Collections.Concurrent;
using SyncStorage.LocalCloud.Processes;
using SyncStorage.LocalCloud.Services.Rds;

namespace SyncStorage.LocalCloud.Tests.Rds;

/// <summary>A data plane of records: which servers run, and what was done to them.</summary>
internal sealed class FakeEngine : IDatabaseEngine
{
    private readonly ConcurrentDictionary<ProcessHandle, TaskCompletionSource> running = new();
    private int pids = 1000;

    public ConcurrentQueue<string> Log { get; } = new();

    public string? CreationFailsWith { get; set; }

    public IReadOnlyList<ProcessHandle> Running => [.. running.Keys];

    public void PrepareMaster(DatabaseServer server, string password) => Log.Enqueue($"prepare {server.MasterUsername}");

    public Task CreateAsync(DatabaseServer server, CancellationToken cancellationToken)
    {
        Log.Enqueue("create");
        return CreationFailsWith is { } why ? throw new DatabaseFailedException("failed", why) : Task.CompletedTask;
    }

    public Task<ProcessHandle> StartAsync(DatabaseServer server, CancellationToken cancellationToken)
    {
        Log.Enqueue("start");
        var process = new ProcessHandle(Interlocked.Increment(ref pids), 1);
        running[process] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return Task.FromResult(process);
    }

    public bool IsAlive(ProcessHandle process) => running.ContainsKey(process);

    public Task WaitForExitAsync(ProcessHandle process, CancellationToken cancellationToken) =>
        running.TryGetValue(process, out var exit) ? exit.Task.WaitAsync(cancellationToken) : Task.CompletedTask;

    public Task StopAsync(ProcessHandle process, CancellationToken cancellationToken)
    {
        Log.Enqueue("stop");
        Die(process);
        return Task.CompletedTask;
    }

    public void Die(ProcessHandle process)
    {
        if (running.TryRemove(process, out var exit)) exit.SetResult();
    }

    public Task SetMasterPasswordAsync(DatabaseServer server, string password, CancellationToken cancellationToken)
    {
        Log.Enqueue("password");
        return Task.CompletedTask;
    }

    public Task<DatabaseFigures?> MeasureAsync(DatabaseServer server, CancellationToken cancellationToken) => Task.FromResult<DatabaseFigures?>(new(3, 1024, long.MaxValue));

    public Task ArchiveAsync(DatabaseServer server, ProcessHandle? process, string snapshotId, CancellationToken cancellationToken)
    {
        Log.Enqueue($"archive {snapshotId} {(process is null ? "stopped" : "running")}");
        return Task.CompletedTask;
    }

    public Task SetFullAsync(DatabaseServer server, bool full, CancellationToken cancellationToken)
    {
        Log.Enqueue(full ? "full" : "no longer full");
        return Task.CompletedTask;
    }

    public void RemoveSnapshot(string snapshotId) => Log.Enqueue($"remove snapshot {snapshotId}");

    public void Remove(DatabaseServer server) => Log.Enqueue("remove");
}
