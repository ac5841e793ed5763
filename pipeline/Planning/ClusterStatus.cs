using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Planning;

/// <summary>Looks at what runs now: fleet, data stores, URL. What can't be read is said, and hides nothing else: clusters may be half made, or broken.</summary>
public sealed class ClusterStatus(
    EnvironmentSettings settings, ClusterNames names, Observation observation, DatabaseServers servers, LoadBalancerStage loadBalancer, Fleet fleet, ConfigStore configuration, RemoteCommands remote,
    IProgress progress)
{
    private const string Silent = "no answer";

    /// <summary>Reads it; the heartbeats are asked for on the webheads themselves.</summary>
    public async Task<ClusterSummary> ReadAsync(CancellationToken cancellationToken)
    {
        var unknown = new List<string>();
        var webheads = await TryAsync("the fleet", () => fleet.WebheadsAsync(cancellationToken), unknown) ?? [];
        List<string> running = [.. webheads.Where(webhead => webhead.State == "running").Select(webhead => webhead.Id)];
        var heartbeats = await TryAsync("heartbeats", () => HeartbeatsAsync(running, cancellationToken), unknown) ?? running.ToDictionary(id => id, _ => new Heartbeat(Silent, null));
        var databases = await TryAsync("databases", () => servers.GetAsync(cancellationToken), unknown);
        var cache = await TryAsync("the cache", () => observation.Cache.GetAsync(cancellationToken), unknown);
        var balancer = await TryAsync("the load balancer", () => observation.LoadBalancer.GetAsync(cancellationToken), unknown);
        var current = await TryAsync("the configuration", () => configuration.CurrentAsync(cancellationToken), unknown);
        return new ClusterSummary(
            [.. webheads.Select(webhead => Of(webhead, heartbeats.GetValueOrDefault(webhead.Id)))],
            [.. settings.Dbnodes.Select(node => (Node: node, Database: databases?.GetValueOrDefault(names.Database(node)))).Select(pair => new SummaryDatabase(
                names.Database(pair.Node), pair.Database?.Status ?? (databases is null ? "not known" : "missing"), AddressOf(pair.Database?.Address, pair.Database?.Port),
                [.. pair.Node.Hosts.Select(host => host.Hostname)]))],
            cache is null ? null : new SummaryCache(
                cache.CacheClusterId, cache.CacheClusterStatus, AddressOf(cache.ConfigurationEndpoint?.Address, cache.ConfigurationEndpoint?.Port), cache.NumCacheNodes ?? 0),
            balancer is null ? null : new Uri(loadBalancer.Url(balancer.Description.DNSName)))
        {
            Configuration = current?.Version,
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

    private static SummaryWebhead Of(Webhead webhead, Heartbeat? heartbeat) => new(
        webhead.Id, webhead.Zone, webhead.Address, webhead.Release, webhead.IsRunning ? webhead.Verdict.ToString() : webhead.State, heartbeat?.Status)
    {
        LaunchedAt = webhead.Launched,
        Configuration = heartbeat?.Configuration,
    };

    private static string? AddressOf(string? address, int? port) => address is null ? null : $"{address}:{port}";

    private async Task<Dictionary<string, Heartbeat>> HeartbeatsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return [];
        var results = (await remote.RunReachableAsync(ids, WebheadAdmin.Heartbeat, cancellationToken)).ToDictionary(result => result.InstanceId);
        progress.Found($"{results.Count} of {ids.Count} webheads answer");
        return ids.ToDictionary(id => id, id => results.TryGetValue(id, out var result) ? Of(result) : new Heartbeat(Silent, null));
    }

    private static Heartbeat Of(RemoteResult result)
    {
        var heartbeat = result.Answer?["heartbeat"];
        return new Heartbeat((string?)heartbeat?["status"] ?? result.Reason.Split('\n')[0], (int?)heartbeat?["configuration"]);
    }

    private sealed record Heartbeat(string Status, int? Configuration);
}
