using System.Collections.Frozen;
using System.Net;
using SyncStorage.Webhead.Cache;
using SyncStorage.Webhead.Configuration;

namespace SyncStorage.Webhead.Serving;

/// <summary>
/// All that a configuration document makes of this process. A request goes on with the one it started with, and is counted in it: what
/// it is made of stays open until the last of them has ended.
/// </summary>
internal sealed class ServingState(ConfigurationDocument document, FrozenDictionary<string, VirtualHost> hosts,
    IReadOnlyDictionary<string, string> secrets, IReadOnlyList<NodeProbe> probes, MemcachedCluster? cache)
{
    private const string ForwardedHost = "X-Forwarded-Host";

    private readonly IPNetwork[] trustedProxies = [.. document.TrustedProxies.Select(IPNetwork.Parse)];
    private int requests;

    public ConfigurationDocument Document => document;

    /// <summary>The values that this state was made with, to see whether they changed. Never shown.</summary>
    public IReadOnlyDictionary<string, string> Secrets => secrets;

    public IReadOnlyList<NodeProbe> Probes => probes;

    public MemcachedCluster? Cache => cache;

    public IEnumerable<VirtualHost> Hosts => hosts.Values;

    /// <summary>The dbnodes' gates.</summary>
    public IReadOnlyList<NodeGate> Gates { get; } = [.. hosts.Values.Select(host => host.Gate).Distinct()];

    /// <summary>Whether clients are asked to stay away.</summary>
    public Backoff Backoff { get; } = new(document.Backoff, Random.Shared);

    /// <summary>Whether no request uses this state.</summary>
    public bool Idle => Volatile.Read(ref requests) == 0;

    /// <summary>The virtual hostname of a name; null if it is not served here.</summary>
    public VirtualHost? FindHost(string hostname) => hosts.GetValueOrDefault(hostname);

    /// <summary>The virtual hostname that a request is for: what the <c>Host</c> header says, or a proxy that is trusted.</summary>
    public VirtualHost? FindHost(HttpContext http) => FindHost(PublicHost(http).Host);

    public void Enter() => Interlocked.Increment(ref requests);

    public void Leave() => Interlocked.Decrement(ref requests);

    private HostString PublicHost(HttpContext http)
    {
        if (trustedProxies.Length == 0
            || !http.Request.Headers.TryGetValue(ForwardedHost, out var values)
            || values is not [.., { Length: > 0 } last]
            || !IsTrusted(http.Connection.RemoteIpAddress))
        {
            return http.Request.Host;
        }

        // Each proxy adds to the end: what stands before may be the client's invention.
        return new HostString(last[(last.LastIndexOf(',') + 1)..].Trim());
    }

    private bool IsTrusted(IPAddress? address)
    {
        if (address is null) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return Array.Exists(trustedProxies, network => network.Contains(address));
    }
}

/// <summary>Holds the state that requests are answered from.</summary>
internal sealed class ServingStateHolder
{
    private volatile ServingState? current;

    /// <summary>The state; null until the first configuration has come.</summary>
    public ServingState? Current
    {
        get => current;
        set => current = value;
    }

    /// <summary>The state, for as long as the lease lives.</summary>
    public Lease Use()
    {
        while (true)
        {
            var state = current;
            state?.Enter();

            // Between reading it and entering it another may have taken its place, and nobody waited for this request.
            if (state == current) return new Lease(state);
            state?.Leave();
        }
    }

    /// <summary>A request's hold on the state.</summary>
    internal readonly struct Lease(ServingState? state) : IDisposable
    {
        public ServingState? State => state;

        public void Dispose() => state?.Leave();
    }
}
