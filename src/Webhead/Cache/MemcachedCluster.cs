using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace SyncStorage.Webhead.Cache;

/// <summary>
/// The cache nodes behind a configuration endpoint, found by asking it every minute; a plain memcached is its own only node. A
/// key's node is the one that ranks highest for it (rendezvous hashing), so that a node which comes or goes moves only its own share.
/// </summary>
internal sealed class MemcachedCluster(CacheAddress endpoint, TimeProvider time) : ICacheClient, IDisposable
{
    private static readonly TimeSpan Rediscover = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim discovery = new(1, 1);
    private readonly MemcachedNode configuration = new(endpoint, time);
    private volatile Topology? topology;

    public Task<CacheEntry?> GetAsync(string key, CancellationToken cancellationToken) =>
        RunAsync(key, (connection, token) => connection.GetAsync(key, token), cancellationToken);

    public Task<bool> AddAsync(string key, byte[] value, TimeSpan expiry, CancellationToken cancellationToken) =>
        RunAsync(key, (connection, token) => connection.AddAsync(key, value, expiry, token), cancellationToken);

    public Task<bool> ReplaceAsync(string key, byte[] value, ulong seen, TimeSpan expiry, CancellationToken cancellationToken) =>
        RunAsync(key, (connection, token) => connection.ReplaceAsync(key, value, seen, expiry, token), cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        RunAsync(key, async (connection, token) =>
        {
            await connection.DeleteAsync(key, token);
            return true;
        }, cancellationToken);

    /// <summary>Asks every node whether it is there.</summary>
    /// <exception cref="CacheUnavailableException">One is not.</exception>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        var topology = await DiscoverAsync(cancellationToken);
        await Task.WhenAll(topology.Nodes.Select(node => node.RunAsync(async (connection, token) =>
        {
            await connection.PingAsync(token);
            return true;
        }, evenIfResting: true, cancellationToken)));
    }

    public void Dispose()
    {
        foreach (var node in topology?.Nodes ?? []) node.Dispose();
        configuration.Dispose();
        discovery.Dispose();
    }

    private async Task<T> RunAsync<T>(string key, Func<MemcachedConnection, CancellationToken, Task<T>> exchange,
        CancellationToken cancellationToken)
    {
        var topology = await DiscoverAsync(cancellationToken);
        return await topology.NodeOf(key).RunAsync(exchange, evenIfResting: false, cancellationToken);
    }

    private async ValueTask<Topology> DiscoverAsync(CancellationToken cancellationToken)
    {
        var known = topology;
        if (known is not null && time.GetElapsedTime(known.Since) < Rediscover) return known;

        // Who finds a rediscovery under way goes on with what is known.
        if (!await discovery.WaitAsync(known is null ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellationToken)) return known!;
        try
        {
            if (topology is { } fresh && fresh != known) return fresh;
            return topology = await AskAsync(known, cancellationToken);
        }
        catch (CacheUnavailableException) when (known is not null)
        {
            // The nodes may serve although their directory doesn't.
            return topology = known with { Since = time.GetTimestamp() };
        }
        finally
        {
            discovery.Release();
        }
    }

    private async Task<Topology> AskAsync(Topology? known, CancellationToken cancellationToken)
    {
        var answer = await configuration.RunAsync((connection, token) => connection.GetClusterAsync(token), evenIfResting: false, cancellationToken);
        var addresses = answer is null ? [endpoint] : ParseNodes(answer);
        if (addresses.Count == 0) throw new CacheUnavailableException($"memcached {endpoint} knows no node");

        var old = known?.Nodes ?? [];
        var nodes = addresses
            .Select(address => old.FirstOrDefault(node => node.Address == address) ?? new MemcachedNode(address, time))
            .ToArray();
        foreach (var gone in old.Except(nodes)) gone.Dispose();
        return new Topology(nodes, time.GetTimestamp());
    }

    /// <summary>Reads <c>version\nhost|address|port host|address|port\n</c>; the address may be missing.</summary>
    internal static IReadOnlyList<CacheAddress> ParseNodes(string answer)
    {
        var lines = answer.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 2) return [];
        return
        [
            .. lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(node => node.Split('|'))
                .Where(parts => parts.Length == 3)
                .Select(parts => new CacheAddress(parts[1].Length > 0 ? parts[1] : parts[0], int.Parse(parts[2], CultureInfo.InvariantCulture))),
        ];
    }

    private sealed record Topology(MemcachedNode[] Nodes, long Since)
    {
        public MemcachedNode NodeOf(string key) => Nodes is [var only] ? only : Nodes.MaxBy(node => Rank(node, key))!;

        private static ulong Rank(MemcachedNode node, string key) => XxHash3.HashToUInt64(Encoding.ASCII.GetBytes($"{node.Address} {key}"));
    }
}
