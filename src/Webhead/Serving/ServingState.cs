using System.Collections.Frozen;
using SyncStorage.Webhead.Cache;
using SyncStorage.Webhead.Configuration;

namespace SyncStorage.Webhead.Serving;

/// <summary>All that a configuration document makes of this process. Immutable: a request goes on with the one it started with.</summary>
internal sealed class ServingState(ConfigurationDocument document, FrozenDictionary<string, VirtualHost> hosts,
    IReadOnlyDictionary<string, string> secrets, IReadOnlyList<NodeProbe> probes, MemcachedCluster? cache)
{
    public ConfigurationDocument Document => document;

    /// <summary>The values that this state was made with, to see whether they changed. Never shown.</summary>
    public IReadOnlyDictionary<string, string> Secrets => secrets;

    public IReadOnlyList<NodeProbe> Probes => probes;

    public MemcachedCluster? Cache => cache;

    public IEnumerable<VirtualHost> Hosts => hosts.Values;

    /// <summary>The virtual hostname of a <c>Host</c> header (without its port); null if it is not served here.</summary>
    public VirtualHost? FindHost(string hostname) => hosts.GetValueOrDefault(hostname);
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
}
