using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Planning;

/// <summary>Looks at what runs now: fleet, data stores, URL.</summary>
public sealed class ClusterStatus(
    EnvironmentSettings settings, ClusterNames names, Observation observation, LoadBalancerStage loadBalancer, Fleet fleet, RemoteCommands remote)
{
    /// <summary>Reads it; the heartbeats are asked for on the webheads themselves.</summary>
    public async Task<ClusterSummary> ReadAsync(CancellationToken cancellationToken)
    {
        var webheads = await fleet.WebheadsAsync(cancellationToken);
        var heartbeats = await HeartbeatsAsync([.. webheads.Where(webhead => webhead.State == "running").Select(webhead => webhead.Id)], cancellationToken);
        var databases = await observation.Databases.GetAsync(cancellationToken);
        var cache = await observation.Cache.GetAsync(cancellationToken);
        var balancer = await observation.LoadBalancer.GetAsync(cancellationToken);
        return new ClusterSummary(
            [.. webheads.Select(webhead => new SummaryWebhead(
                webhead.Id, webhead.Zone, webhead.Address, webhead.Release, webhead.IsRunning ? webhead.Verdict.ToString() : webhead.State,
                heartbeats.GetValueOrDefault(webhead.Id)))],
            [.. settings.Dbnodes.Select(node => (Node: node, Database: databases.GetValueOrDefault(names.Database(node)))).Select(pair => new SummaryDatabase(
                names.Database(pair.Node), pair.Database?.DBInstanceStatus ?? "missing", AddressOf(pair.Database?.Endpoint?.Address, pair.Database?.Endpoint?.Port),
                [.. pair.Node.Hosts.Select(host => host.Hostname)]))],
            cache is null ? null : new SummaryCache(
                cache.CacheClusterId, cache.CacheClusterStatus, AddressOf(cache.ConfigurationEndpoint?.Address, cache.ConfigurationEndpoint?.Port), cache.NumCacheNodes ?? 0),
            balancer is null ? null : new Uri(loadBalancer.Url(balancer.Description.DNSName)));
    }

    private static string? AddressOf(string? address, int? port) => address is null ? null : $"{address}:{port}";

    private async Task<Dictionary<string, string>> HeartbeatsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return [];
        var results = await remote.RunAsync(ids, WebheadAdmin.Heartbeat, cancellationToken);
        return results.ToDictionary(result => result.InstanceId, result => (string?)result.Answer?["heartbeat"]?["status"] ?? result.Reason.Split('\n')[0]);
    }
}
