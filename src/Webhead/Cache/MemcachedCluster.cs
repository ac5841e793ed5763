namespace SyncStorage.Webhead.Cache;

/// <summary>
/// The cache nodes behind a configuration endpoint, which is asked again every few seconds and whenever a node fails. A node that
/// fails keeps its keys, unless the endpoint says that it is gone: two webheads that disagree would not see each other's writes.
/// </summary>
internal sealed class MemcachedCluster(CacheAddress endpoint, TimeProvider time) : ICacheClient, IDisposable
{
    private const double Jitter = 0.3;

    // Until then, all webheads know of a change and all that the nodes have kept of former times has expired.
    private static readonly TimeSpan Settling = UserCache.Expiry + TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim look = new(0);
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private Task? following;
    private volatile Topology? topology;
    private volatile CacheUnavailableException? failure;
    private int interruptions;

    /// <summary>How long after an answer the endpoint is asked again.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many nodes it knows; null before it knows any.</summary>
    public int? Nodes => topology?.Nodes.Length;

    public int Interruptions => Volatile.Read(ref interruptions);

    public bool IsSettled(CacheUser user) => topology is not { } known || IsSettled(known, user);

    public bool IsLost(CacheUser user) => topology is not { } known || known.NodeOf(user).IsLost;

    public async ValueTask<CacheAnswer> RunAsync(CacheUser user, CacheCommand command)
    {
        var known = topology ?? await FindAsync();
        var pipe = await known.NodeOf(user).ConnectAsync();
        return await pipe.RunAsync(command);
    }

    public async ValueTask<CacheAnswer[]> RunAsync(CacheUser user, params CacheCommand[] commands)
    {
        var known = topology ?? await FindAsync();
        var pipe = await known.NodeOf(user).ConnectAsync();
        return await pipe.RunAsync(commands);
    }

    public async ValueTask InvalidateAsync(CacheUser user, params CacheCommand[] commands)
    {
        var known = topology ?? await FindAsync();
        await RunAsync(known.NodeOf(user), commands);
        await RunOnFormerAsync(known, user, commands);
    }

    public async ValueTask RunOnFormerAsync(CacheUser user, CacheCommand command)
    {
        if (topology is { } known) await RunOnFormerAsync(known, user, command);
    }

    /// <summary>Asks every node whether it is there.</summary>
    /// <exception cref="CacheUnavailableException">One is not.</exception>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        var known = topology ?? await FindAsync();
        await Task.WhenAll(known.Nodes.Select(async node =>
        {
            var pipe = await node.ConnectAsync();
            await pipe.RunAsync(new CacheCommand(CacheVerb.Version, ""));
        })).WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        stop.Cancel();
        lock (gate) topology?.Dispose();
    }

    private async ValueTask RunOnFormerAsync(Topology known, CacheUser user, params CacheCommand[] commands)
    {
        if (IsSettled(known, user)) return;
        try
        {
            await RunAsync(known.Before!.NodeOf(user), commands);
        }
        catch (CacheUnavailableException) when (!known.Nodes.Contains(known.Before!.NodeOf(user)))
        {
            // It was taken out of the cluster: who still reads from it will not find it either.
        }
    }

    private static async ValueTask RunAsync(MemcachedNode node, CacheCommand[] commands)
    {
        var pipe = await node.ConnectAsync();
        var answers = await pipe.RunAsync(commands);
        if (answers.Any(answer => answer.Outcome == CacheOutcome.Refused)) throw new CacheUnavailableException($"memcached {node.Address} is full");
    }

    private bool IsSettled(Topology known, CacheUser user) =>
        known.Before is not { } before || before.NodeOf(user) == known.NodeOf(user) || time.GetElapsedTime(known.Since) >= Settling;

    private async ValueTask<Topology> FindAsync()
    {
        // Nothing is asked before somebody needs it: a configuration that names a cache connects to nothing by itself.
        lock (gate) following ??= Task.Run(FollowAsync);
        if (failure is { } last) throw new CacheUnavailableException(last.Message, last);
        await first.Task;
        return topology ?? throw new CacheUnavailableException(failure?.Message ?? $"memcached {endpoint}: nothing is known");
    }

    private async Task FollowAsync()
    {
        var pause = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            await LookAsync();
            first.TrySetResult();
            try
            {
                if (topology is null)
                {
                    await Task.Delay(pause, time, stop.Token);
                    pause = pause * 2 < Pause ? pause * 2 : Pause;
                    continue;
                }

                await look.WaitAsync(Poll * (1 + Jitter * Random.Shared.NextDouble()), stop.Token);

                // A node that fails again and again is no reason to ask all the time.
                await Task.Delay(Pause * Random.Shared.NextDouble(), time, stop.Token);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        stop.Dispose();
        look.Dispose();
    }

    private async Task LookAsync()
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, patience.Token);
        try
        {
            Adopt(await NodeDirectory.AskAsync(endpoint, either.Token));
            failure = null;
        }
        catch (CacheUnavailableException exception)
        {
            // The nodes may serve although their directory doesn't.
            failure = exception;
        }
        catch (OperationCanceledException exception)
        {
            failure = new CacheUnavailableException($"memcached {endpoint}: no answer in time", exception);
        }
    }

    private void Adopt(IReadOnlyList<ClusterNode> found)
    {
        lock (gate)
        {
            if (stop.IsCancellationRequested || topology is { } same && same.Found.SequenceEqual(found)) return;
            var before = topology;
            var nodes = found.Select(node => before?.Find(node.Address) ?? new MemcachedNode(node.Address, time, OnOpened, OnLost)).ToArray();
            topology = new Topology(found, nodes, before is null ? null : before with { Before = null }, time.GetTimestamp());

            // Those of the list before the last serve nobody's invalidations any more.
            foreach (var gone in before?.Before?.Nodes.Except(nodes).Except(before.Nodes) ?? []) gone.Dispose();
            if (before is not null) Interlocked.Increment(ref interruptions);
        }
    }

    private void OnOpened() => Interlocked.Increment(ref interruptions);

    private void OnLost()
    {
        if (look.CurrentCount == 0 && !stop.IsCancellationRequested) look.Release();
    }

    private sealed record Topology(IReadOnlyList<ClusterNode> Found, MemcachedNode[] Nodes, Topology? Before, long Since) : IDisposable
    {
        private readonly HashRing ring = new([.. Found.Select(node => node.Name)]);

        public MemcachedNode NodeOf(CacheUser user) => Nodes.Length == 1 ? Nodes[0] : Nodes[ring.OwnerOf(user.Hash)];

        public MemcachedNode? Find(CacheAddress address) =>
            Nodes.FirstOrDefault(node => node.Address == address) ?? Before?.Nodes.FirstOrDefault(node => node.Address == address);

        public void Dispose()
        {
            foreach (var node in Nodes.Union(Before?.Nodes ?? [])) node.Dispose();
        }
    }
}
