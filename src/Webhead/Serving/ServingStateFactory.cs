using System.Collections.Frozen;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Cache;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Observability;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Serving;

/// <summary>
/// Makes serving states. What a new one has in common with the last, it takes over: connections outlive a reload, and so does what is
/// known about the cache. What nothing uses any more is closed a while later, once the last request that could use it has ended.
/// </summary>
internal sealed class ServingStateFactory(WebheadMetrics metrics, TimeProvider time) : IAsyncDisposable
{
    // Work in the background is not counted in a state; it ends long before.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly Dictionary<object, object> resources = [];
    private readonly List<(object Resource, long Since, IReadOnlyList<ServingState> Users)> retired = [];
    private readonly List<ServingState> made = [];

    /// <summary>Makes a state. Nothing is connected yet.</summary>
    /// <exception cref="ConfigurationException">A secret has no usable value.</exception>
    public async Task<ServingState> MakeAsync(ConfigurationDocument document, IReadOnlyDictionary<string, string> secrets)
    {
        var used = new HashSet<object>();
        var cache = document.Cache is { } endpoint
            ? Use(used, new CacheAddress(endpoint.Address, endpoint.Port), address => new MemcachedCluster(address, time))
            : null;
        var hosts = new Dictionary<string, VirtualHost>(StringComparer.OrdinalIgnoreCase);
        var probes = new List<NodeProbe>();
        foreach (var node in document.Nodes)
        {
            var account = new DatabaseAddress(node.Address, node.Port, node.User, secrets[node.PasswordParameter], "");
            var databases = node.Hosts.Select(host => host.Database).ToList();
            probes.Add(Use(used, (node.Name, account, string.Join(',', databases)), _ => new NodeProbe(node.Name, account, databases)));
            var gate = Use(used, ("gate", node.Name), _ => new NodeGate(node.Name, new GateLimits(), time));
            foreach (var host in node.Hosts)
            {
                var database = Use(used, account with { Database = host.Database }, address => new HostDatabase(address));
                var storage = Use(used, ("storage", host.Hostname, database, cache),
                    _ => new UserStorage(database, new UserCache(cache is null ? null : new MeasuredCache(cache, metrics), host.Hostname), time));
                hosts[host.Hostname] = new VirtualHost(host, ReadSecrets(host, secrets), gate, database, storage);
            }
        }

        await RetireAsync(used);
        var state = new ServingState(document, hosts.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase), secrets, probes, cache);
        made.Add(state);
        return state;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var resource in resources.Values.Concat(retired.Select(entry => entry.Resource))) await CloseAsync(resource);
        resources.Clear();
        retired.Clear();
    }

    private static IReadOnlyList<TokenSecret> ReadSecrets(HostEntry host, IReadOnlyDictionary<string, string> secrets)
    {
        try
        {
            return NodeSecrets.ParseList(secrets[host.SecretParameter]);
        }
        catch (FormatException exception)
        {
            throw new ConfigurationException($"{host.SecretParameter}: {exception.Message}", exception);
        }
    }

    private T Use<TKey, T>(HashSet<object> used, TKey key, Func<TKey, T> make)
        where TKey : notnull
        where T : class
    {
        used.Add(key);
        if (resources.TryGetValue(key, out var known)) return (T)known;
        var made = make(key);
        resources[key] = made;
        return made;
    }

    private async Task RetireAsync(HashSet<object> used)
    {
        foreach (var key in resources.Keys.Where(key => !used.Contains(key)).ToList())
        {
            retired.Add((resources[key], time.GetTimestamp(), [.. made]));
            resources.Remove(key);
        }

        await CloseRetiredAsync();
    }

    /// <summary>Closes what was retired long enough ago. Called now and then.</summary>
    public async Task CloseRetiredAsync()
    {
        foreach (var entry in retired.ToList())
        {
            // Its account may be one that is to be locked as soon as nobody is connected with it.
            if (entry.Resource is HostDatabase database) await database.ReleaseAsync();
            if (time.GetElapsedTime(entry.Since) < Grace || !entry.Users.All(state => state.Idle)) continue;
            await CloseAsync(entry.Resource);
            retired.Remove(entry);
        }

        // The last one is the one that serves.
        if (made.Count > 1) made.RemoveAll(state => state != made[^1] && state.Idle && retired.TrueForAll(entry => !entry.Users.Contains(state)));
    }

    private static async ValueTask CloseAsync(object resource)
    {
        if (resource is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
        else if (resource is IDisposable disposable) disposable.Dispose();
    }
}
