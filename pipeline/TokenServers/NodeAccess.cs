using System.Text.Json.Nodes;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.TokenServers;

/// <summary>How token servers reach the nodes when they are tried: by the load balancer itself, for the names may not lead there yet.</summary>
/// <param name="settings">The cluster's settings.</param>
/// <param name="observation">Where the webheads' load balancer is.</param>
/// <param name="loadBalancer">The webheads' load balancer.</param>
public sealed class NodeAccess(EnvironmentSettings settings, Observation observation, LoadBalancerStage loadBalancer)
{
    /// <summary>
    /// The address; null where an instance could not verify who answers there: the certificate that is made on LocalCloud is known to nobody but who reads its file.
    /// </summary>
    public async Task<Uri?> UrlAsync(CancellationToken cancellationToken) =>
        settings.LoadBalancer.Https is { CertificateArn: null } ? null : await ReachableAsync(cancellationToken);

    /// <summary>The address, for who knows the certificate; null if there is no load balancer.</summary>
    public async Task<Uri?> ReachableAsync(CancellationToken cancellationToken) =>
        await observation.LoadBalancer.GetAsync(cancellationToken) is { } balancer ? new Uri(loadBalancer.Url(balancer.Description.DNSName)) : null;

    /// <summary>What went wrong on an instance, node by node.</summary>
    internal static string Describe(RemoteResult result)
    {
        var hosts = (result.Answer?["hosts"] as JsonArray ?? []).OfType<JsonObject>().Where(host => host["error"] is not null).ToList();
        return $"{result.InstanceId}: {(hosts.Count == 0 ? result.Reason : string.Join("; ", hosts.Select(host => $"{host["node"]}: {host["error"]}")))}";
    }
}
