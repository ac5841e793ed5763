using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline.Planning;

/// <summary>Looks at what runs now: fleet, data stores, URL. What can't be read is said, and hides nothing else: clusters may be half made, or broken.</summary>
public sealed class ClusterStatus(
    EnvironmentSettings settings, ClusterNames names, Observation observation, DatabaseServers servers, LoadBalancerStage loadBalancer, FleetStatus webheads, ConfigStore configuration,
    TokenServerFleet tokenServer)
{
    /// <summary>Reads it; the heartbeats are asked for on the webheads themselves.</summary>
    public async Task<ClusterSummary> ReadAsync(CancellationToken cancellationToken)
    {
        var unknown = new List<string>();
        var serving = await webheads.ReadAsync(unknown, cancellationToken);
        var databases = await TryAsync("databases", () => servers.GetAsync(cancellationToken), unknown);
        var cache = await TryAsync("the cache", () => observation.Cache.GetAsync(cancellationToken), unknown);
        var balancer = await TryAsync("the load balancer", () => observation.LoadBalancer.GetAsync(cancellationToken), unknown);
        var current = await TryAsync("the configuration", () => configuration.CurrentAsync(cancellationToken), unknown);
        return new ClusterSummary(
            serving,
            [.. settings.Dbnodes.Select(node => (Node: node, Database: databases?.GetValueOrDefault(names.Database(node)))).Select(pair => new SummaryDatabase(
                names.Database(pair.Node), pair.Database?.Status ?? (databases is null ? "not known" : "missing"), AddressOf(pair.Database?.Address, pair.Database?.Port),
                [.. pair.Node.Hosts.Select(host => host.Hostname)]))],
            cache is null ? null : new SummaryCache(
                cache.CacheClusterId, cache.CacheClusterStatus, AddressOf(cache.ConfigurationEndpoint?.Address, cache.ConfigurationEndpoint?.Port), cache.NumCacheNodes ?? 0),
            balancer is null ? null : new Uri(loadBalancer.Url(balancer.Description.DNSName)))
        {
            Configuration = current?.Version,
            TokenServer = await tokenServer.SummaryAsync(unknown, cancellationToken),
            Unknown = unknown,
        };
    }

    /// <summary>What a read gives; of one that fails, null, and a line that says why.</summary>
    internal static async Task<T?> TryAsync<T>(string what, Func<Task<T>> read, ICollection<string> unknown)
    {
        try
        {
            return await read();
        }
        catch (Exception failure) when (failure is not OperationCanceledException && Failures.IsExpected(failure))
        {
            unknown.Add($"{what}: {failure.Message}{(failure is PipelineException { LastSeen: { } seen } ? $" ({seen})" : "")}");
            return default;
        }
    }

    private static string? AddressOf(string? address, int? port) => address is null ? null : $"{address}:{port}";
}
