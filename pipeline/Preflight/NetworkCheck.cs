using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Preflight;

/// <summary>Whether the subnets have addresses for what goes into them.</summary>
public sealed class NetworkCheck(EnvironmentSettings settings, Observation observation) : IPreflightCheck
{
    /// <summary>AWS wants so many free in each subnet of a load balancer.</summary>
    private const int ForLoadBalancer = 8;

    private const string Everybody = "0.0.0.0/0";

    /// <inheritdoc/>
    public string About => "network";

    /// <inheritdoc/>
    public async Task<CheckResult> RunAsync(CancellationToken cancellationToken)
    {
        var network = await observation.Network.GetAsync(cancellationToken);
        var free = network.SubnetIds.ToDictionary(subnet => subnet, subnet => network.FreeAddresses.GetValueOrDefault(subnet));
        return CheckResult.Of($"network {network.VpcId}: {network.Subnets.Count} zones, {free.Values.Sum()} free addresses", Problems(network.SubnetIds, free)) with
        {
            Notices = [.. Notices(settings, network)],
        };
    }

    /// <summary>What the network asks for that nothing else would say before the smoke test.</summary>
    internal static IEnumerable<string> Notices(EnvironmentSettings settings, ClusterNetwork network)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(network);
        if (network.WithoutPublicAddress.Count > 0)
            yield return $"network: {string.Join(", ", network.WithoutPublicAddress)} give instances no public address; these reach S3 and Systems Manager by a NAT gateway or VPC endpoints only";

        // On LocalCloud everybody comes from this machine.
        if (settings.LocalCloud is not null || settings.Network.ClientCidrs.Contains(Everybody)) yield break;
        var needed = "the public address of the machine that deploys";
        if (settings.TokenServer is not null) needed += ", and those from which token servers reach the webheads' load balancer: their NAT gateways' or, in subnets that give instances public addresses, any that AWS may give them";
        yield return $"network: network.clientCidrs does not let everybody in, and has to have {needed}; else the smoke test fails";
    }

    private IEnumerable<Problem> Problems(IReadOnlyList<string> subnets, Dictionary<string, int> free)
    {
        foreach (var subnet in subnets.Where(subnet => free.GetValueOrDefault(subnet) < ForLoadBalancer))
            yield return new Problem($"The subnet {subnet} has {free.GetValueOrDefault(subnet)} free addresses; a load balancer wants {ForLoadBalancer} in each.", "Name other subnets in network.subnetIds.");

        // Webheads with those that join before others leave, the builder, databases with a standby, cache nodes.
        var tokens = settings.TokenServer is { } server ? server.Count + 1 + ForLoadBalancer * subnets.Count : 0;
        var wanted = tokens + settings.Webheads.Count + settings.Surge + settings.Rollout.BatchSize + 2 + 2 * settings.Dbnodes.Count + settings.Cache.Nodes + ForLoadBalancer * subnets.Count;
        if (free.Values.Sum() < wanted)
            yield return new Problem($"The subnets have {free.Values.Sum()} free addresses together; the cluster wants up to {wanted}.", "Name larger subnets in network.subnetIds, or a smaller webheads.count.");
    }
}
