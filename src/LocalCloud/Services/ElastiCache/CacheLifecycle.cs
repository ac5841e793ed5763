using System.Net;
using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.ElastiCache;

/// <summary>
/// What happens to one cluster, step after step, in the background: AWS's states at the cloud's pace, and the real
/// nodes behind them. A node that dies is started again, empty.
/// </summary>
internal sealed partial class CacheLifecycle(
    ClusterRecord record, CloudContext context, ICacheEngine engine, Func<IReadOnlyDictionary<string, string>> parameters,
    Lock gate, Action save, ILogger logger, CancellationToken stopping)
{
    private const int MaxRestarts = 3;
    private static readonly TimeSpan CreatingTakes = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan ModifyingTakes = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RebootingTakes = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DeletingTakes = TimeSpan.FromMinutes(1);

    /// <summary>A node that ran longer than this before it died was not broken from the start.</summary>
    private static readonly TimeSpan RanWell = TimeSpan.FromSeconds(30);

    private readonly StepQueue steps = new();
    private ConfigurationEndpoint? endpoint;
    private int restarts;
    private long lastDeath;

    /// <summary>Completes when all steps asked for so far are done.</summary>
    public Task Idle => steps.Idle;

    public void Create() => Then(async () =>
    {
        OpenEndpoint();
        await StartAsync(record.Nodes);
        await WaitAsync(CreatingTakes);
        Become("available");
    });

    /// <summary>LocalCloud started: adopt the nodes, or start them again.</summary>
    public void Resume() => Then(async () =>
    {
        OpenEndpoint();
        foreach (var node in record.Nodes.Where(IsAlive)) Watch(node, node.Process!);
        await StartAsync([.. record.Nodes.Where(node => !IsAlive(node))]);
        Become("available");
    });

    /// <summary>Starts nodes that the record has and ends nodes that it is to lose.</summary>
    public void Resize(IReadOnlyList<CacheNodeRecord> added, IReadOnlyList<CacheNodeRecord> removed, Action<CacheNodeRecord> forget) => Then(async () =>
    {
        // Clients leave the nodes that go before those go.
        Change(() => record.Nodes.RemoveAll(removed.Contains));
        await Task.WhenAll(removed.Select(StopNodeAsync));
        foreach (var node in removed) forget(node);
        await StartAsync(added);
        await WaitAsync(ModifyingTakes);
        Become("available");
    });

    public void Reboot(IReadOnlyList<CacheNodeRecord> nodes) => Then(async () =>
    {
        await Task.WhenAll(nodes.Select(StopNodeAsync));
        await StartAsync(nodes);
        await WaitAsync(RebootingTakes);
        lock (gate) record.NodesToReboot.RemoveAll(id => nodes.Any(node => node.Id == id));
        Become("available");
    });

    /// <summary>The nodes die, and are back, empty, after a while. The API shows nothing of it.</summary>
    public void Lose(TimeSpan away) => Then(async () =>
    {
        await Task.WhenAll(record.Nodes.Select(StopNodeAsync));
        await Task.Delay(away, context.Time, stopping);
        await StartAsync([.. record.Nodes]);
    });

    public void Delete(Action gone) => Then(async () =>
    {
        await CloseEndpointAsync();
        await Task.WhenAll(record.Nodes.Select(StopNodeAsync));
        await WaitAsync(DeletingTakes);
        gone();
    });

    /// <summary>Ends the nodes because LocalCloud ends; they are started again with it.</summary>
    public async Task ShutDownAsync(bool keepProcesses, CancellationToken cancellationToken)
    {
        await CloseEndpointAsync();
        if (keepProcesses) return;
        await Task.WhenAll(record.Nodes.Select(node => node.Process).OfType<ProcessHandle>().Select(process => engine.StopAsync(process, cancellationToken)));
    }

    private bool IsAlive(CacheNodeRecord node) => node.Process is { } process && engine.IsAlive(process);

    private ClusterConfiguration Configuration()
    {
        lock (gate)
        {
            return new(record.ConfigurationVersion, [.. record.Nodes.Where(node => node.Status == "available")
                .Select(node => new IPEndPoint(IPAddress.Parse(node.Address), record.Port))]);
        }
    }

    private void OpenEndpoint() => endpoint ??= new ConfigurationEndpoint(IPAddress.Parse(record.ConfigurationAddress), record.Port, Configuration);

    private async Task CloseEndpointAsync()
    {
        if (endpoint is not { } open) return;
        endpoint = null;
        await open.DisposeAsync();
    }

    private Task StartAsync(IReadOnlyList<CacheNodeRecord> nodes) => Task.WhenAll(nodes.Select(StartNodeAsync));

    private async Task StartNodeAsync(CacheNodeRecord node)
    {
        var process = await engine.StartAsync(
            new CacheServer($"{record.Id}/{node.Id}", IPAddress.Parse(node.Address), record.Port, parameters()), stopping);
        lock (gate)
        {
            // A node that came back is none that a client has to be told of.
            if (node.Status == "creating") record.ConfigurationVersion++;
            node.Process = process;
            node.Status = "available";
            save();
        }

        Watch(node, process);
    }

    private async Task StopNodeAsync(CacheNodeRecord node)
    {
        ProcessHandle? process;
        lock (gate)
        {
            process = node.Process;
            node.Process = null;
            save();
        }

        if (process is not null) await engine.StopAsync(process, stopping);
    }

    private void Watch(CacheNodeRecord node, ProcessHandle process) => _ = WatchAsync(node, process);

    private async Task WatchAsync(CacheNodeRecord node, ProcessHandle process)
    {
        try
        {
            await engine.WaitForExitAsync(process, stopping);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (!stopping.IsCancellationRequested) Then(() => RecoverAsync(node, process));
    }

    private async Task RecoverAsync(CacheNodeRecord node, ProcessHandle dead)
    {
        if (node.Process != dead || !record.Nodes.Contains(node)) return;
        restarts = restarts > 0 && context.Time.GetElapsedTime(lastDeath) > RanWell ? 1 : restarts + 1;
        lastDeath = context.Time.GetTimestamp();
        if (restarts > MaxRestarts) throw new CacheFailedException($"memcached of {record.Id} died more than {MaxRestarts} times in a row.");
        LogDied(record.Id, node.Id, dead.Pid);
        await StartNodeAsync(node);
    }

    private void Then(Func<Task> step) => steps.Then(() => GuardAsync(step));

    private async Task GuardAsync(Func<Task> step)
    {
        try
        {
            if (!stopping.IsCancellationRequested) await step();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // LocalCloud ends; the next start goes on from the saved state.
        }
#pragma warning disable CA1031 // A step that fails in a way we did not think of must be seen in the cluster's status, not lost.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogFailed(record.Id, failure is CacheFailedException ? failure.Message : failure.ToString());
            Fail();
        }
    }

    /// <summary>The status after a failure: it holds, also where there is no disk to save it.</summary>
    private void Fail()
    {
        lock (gate)
        {
            // The one status of AWS's that means: it will not become available.
            record.Status = "incompatible-network";
            try
            {
                save();
            }
            catch (Exception unsaved) when (unsaved is IOException or UnauthorizedAccessException)
            {
                LogNotSaved(record.Id, unsaved.Message);
            }
        }
    }

    private void Change(Action change)
    {
        lock (gate)
        {
            var before = record.Nodes.Count;
            change();
            if (record.Nodes.Count != before) record.ConfigurationVersion++;
            save();
        }
    }

    private void Become(string status)
    {
        lock (gate)
        {
            // A deletion that waits its turn stays visible.
            if (record.Status == "deleting") return;
            record.Status = status;
            save();
        }

        LogBecame(record.Id, status);
    }

    private async Task WaitAsync(TimeSpan awsDuration)
    {
        if (context.Scale.Of(awsDuration) is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, context.Time, stopping);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The cache cluster {Id} is {Status}")]
    private partial void LogBecame(string id, string status);

    [LoggerMessage(Level = LogLevel.Error, Message = "The cache cluster {Id} failed: {Reason}")]
    private partial void LogFailed(string id, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node} of cache cluster {Id} (process {Pid}) died; it is started again, empty")]
    private partial void LogDied(string id, string node, int pid);

    [LoggerMessage(Level = LogLevel.Error, Message = "The status of the cache cluster {Id} could not be saved: {Reason}")]
    private partial void LogNotSaved(string id, string reason);
}
