using System.Collections.Concurrent;
using SyncStorage.LocalCloud.Processes;
using SyncStorage.LocalCloud.Services.ElastiCache;

namespace SyncStorage.LocalCloud.Tests.ElastiCache;

/// <summary>A data plane of records: which nodes run, and with which parameters.</summary>
internal sealed class FakeCacheEngine : ICacheEngine
{
    private readonly ConcurrentDictionary<ProcessHandle, (CacheServer Server, TaskCompletionSource Exit)> running = new();
    private int pids = 1000;

    public IReadOnlyList<CacheServer> Running => [.. running.Values.Select(entry => entry.Server).OrderBy(server => server.Name, StringComparer.Ordinal)];

    public IReadOnlyList<ProcessHandle> Processes => [.. running.Keys];

    public Task<ProcessHandle> StartAsync(CacheServer server, CancellationToken cancellationToken)
    {
        var process = new ProcessHandle(Interlocked.Increment(ref pids), 1);
        running[process] = (server, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return Task.FromResult(process);
    }

    public bool IsAlive(ProcessHandle process) => running.ContainsKey(process);

    public Task WaitForExitAsync(ProcessHandle process, CancellationToken cancellationToken) =>
        running.TryGetValue(process, out var entry) ? entry.Exit.Task.WaitAsync(cancellationToken) : Task.CompletedTask;

    public Task StopAsync(ProcessHandle process, CancellationToken cancellationToken)
    {
        Die(process);
        return Task.CompletedTask;
    }

    public void Die(ProcessHandle process)
    {
        if (running.TryRemove(process, out var entry)) entry.Exit.SetResult();
    }
}
