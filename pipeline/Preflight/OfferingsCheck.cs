using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.RDS.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;
using Filter = Amazon.EC2.Model.Filter;

namespace SyncStorage.Pipeline.Preflight;

/// <summary>Whether the zones have the instance types, and RDS the database classes.</summary>
public sealed class OfferingsCheck(IClients clients, EnvironmentSettings settings, Observation observation) : IPreflightCheck
{
    /// <inheritdoc/>
    public string About => "instance types";

    /// <inheritdoc/>
    public async Task<CheckResult> RunAsync(CancellationToken cancellationToken)
    {
        List<string> types = [.. new[] { settings.Webheads.InstanceType, settings.Image.InstanceType, settings.TokenServer?.InstanceType }.OfType<string>().Concat(settings.InstanceNodes.Select(node => node.InstanceType)).Distinct()];
        var classes = settings.RdsNodes.Select(node => (node.InstanceClass, node.EngineVersion)).Distinct().ToList();
        List<Problem> problems = [.. await TypesAsync(types, cancellationToken)];
        foreach (var (name, version) in classes) problems.AddRange(await ClassAsync(name, version, cancellationToken));
        return CheckResult.Of($"{string.Join(", ", types.Concat(classes.Select(one => one.InstanceClass)))} can be had in every zone of the cluster", problems);
    }

    private async Task<IEnumerable<Problem>> TypesAsync(List<string> types, CancellationToken cancellationToken)
    {
        var request = new DescribeInstanceTypeOfferingsRequest { LocationType = LocationType.AvailabilityZone, Filters = [new Filter("instance-type", types)] };
        var offered = new HashSet<(string Type, string Zone)>();
        do
        {
            var page = await clients.Ec2.DescribeInstanceTypeOfferingsAsync(request, cancellationToken);
            foreach (var offering in page.InstanceTypeOfferings ?? []) offered.Add((offering.InstanceType.Value, offering.Location));
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));

        return Problems(types, offered, await observation.Network.GetAsync(cancellationToken));
    }

    /// <summary>The types that some zone of the network lacks: in some of AWS's regions one old zone has none of the newer ones.</summary>
    internal static IEnumerable<Problem> Problems(IReadOnlyList<string> types, IReadOnlySet<(string Type, string Zone)> offered, ClusterNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        List<string> fit = [.. network.Subnets.Where(subnet => types.All(type => offered.Contains((type, subnet.Zone)))).Select(subnet => $"\"{subnet.SubnetId}\"")];
        return
            from type in types
            let missing = network.Subnets.Select(subnet => subnet.Zone).Where(zone => !offered.Contains((type, zone))).ToList()
            where missing.Count > 0
            select new Problem(
                $"The instance type {type} can't be had in {string.Join(", ", missing)}.",
                fit.Count >= ClusterNetwork.FewestZones
                    ? $"Choose another, or leave such zones out: \"network\": {{ \"subnetIds\": [{string.Join(", ", fit)}] }}."
                    : "Choose another (webheads.instanceType, image.instanceType), or other subnets (network.subnetIds).");
    }

    private async Task<IEnumerable<Problem>> ClassAsync(string name, string version, CancellationToken cancellationToken)
    {
        var request = new DescribeOrderableDBInstanceOptionsRequest { Engine = "mysql", DBInstanceClass = name, Vpc = true };
        var versions = new SortedSet<string>(StringComparer.Ordinal);
        do
        {
            var page = await clients.Rds.DescribeOrderableDBInstanceOptionsAsync(request, cancellationToken);
            foreach (var option in page.OrderableDBInstanceOptions ?? []) versions.Add(option.EngineVersion);
            request.Marker = page.Marker;
        }
        while (!string.IsNullOrEmpty(request.Marker));

        if (versions.Any(one => one == version || one.StartsWith(version + ".", StringComparison.Ordinal))) return [];
        return [versions.Count == 0
            ? new Problem($"RDS has no class {name} for MySQL in this region.", "Choose another dbnodes[].instanceClass.")
            : new Problem($"RDS has no MySQL {version} on {name}; it has {string.Join(", ", versions)}.", "Choose another dbnodes[].engineVersion or instanceClass.")];
    }
}
