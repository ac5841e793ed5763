using Amazon.EC2.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Network;

/// <summary>Where the cluster's resources go: one subnet a zone of one VPC.</summary>
/// <param name="VpcId">The VPC.</param>
/// <param name="Subnets">At least two, each in a zone of its own, sorted by zone.</param>
public sealed record ClusterNetwork(string VpcId, IReadOnlyList<ZoneSubnet> Subnets)
{
    /// <summary>Databases want so many.</summary>
    internal const int FewestZones = 2;

    /// <summary>How many addresses were free in each subnet when it was read.</summary>
    public IReadOnlyDictionary<string, int> FreeAddresses { get; init; } = new Dictionary<string, int>();

    /// <summary>The subnets that give their instances no public address.</summary>
    public IReadOnlyList<string> WithoutPublicAddress { get; init; } = [];

    /// <summary>The subnets' ids.</summary>
    public List<string> SubnetIds => [.. Subnets.Select(subnet => subnet.SubnetId)];

    /// <summary>How a subnet group differs from it; null if it does not.</summary>
    /// <param name="subnetIds">The group's subnets.</param>
    public ValueChange? DifferenceOf(IEnumerable<string> subnetIds)
    {
        var found = subnetIds.Order(StringComparer.Ordinal).ToList();
        var wanted = SubnetIds.Order(StringComparer.Ordinal).ToList();
        return found.SequenceEqual(wanted) ? null : new ValueChange("subnets", string.Join(", ", found), string.Join(", ", wanted));
    }

    /// <summary>Reads the VPC and subnets that the settings name, or the default VPC's.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.UnfitNetwork"/>.</exception>
    public static async Task<ClusterNetwork> ReadAsync(IClients clients, NetworkSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(clients);
        ArgumentNullException.ThrowIfNull(settings);
        var (vpcId, subnets) = settings.VpcId is { } named
            ? (named, await SubnetsAsync(clients, named, cancellationToken))
            : await DefaultAsync(clients, cancellationToken);
        var chosen = Choose(vpcId, subnets, settings.SubnetIds);
        return chosen with
        {
            FreeAddresses = subnets.ToDictionary(subnet => subnet.SubnetId, subnet => subnet.AvailableIpAddressCount ?? 0),
            WithoutPublicAddress = [.. subnets.Where(subnet => subnet.MapPublicIpOnLaunch == false).Select(subnet => subnet.SubnetId).Intersect(chosen.SubnetIds)],
        };
    }

    /// <summary>Picks the named subnets, or one a zone.</summary>
    internal static ClusterNetwork Choose(string vpcId, IReadOnlyList<Subnet> subnets, IReadOnlyList<string> wanted)
    {
        var missing = wanted.Except(subnets.Select(subnet => subnet.SubnetId)).ToList();
        if (missing.Count > 0)
            throw new PipelineException(
                ErrorCode.UnfitNetwork, $"The VPC {vpcId} has no subnet {string.Join(", ", missing)}.", hint: "Correct network.subnetIds, or leave it empty for one subnet a zone.");

        var chosen = subnets
            .Where(subnet => wanted.Count == 0 || wanted.Contains(subnet.SubnetId))
            .OrderByDescending(subnet => subnet.DefaultForAz == true).ThenBy(subnet => subnet.SubnetId, StringComparer.Ordinal)
            .DistinctBy(subnet => subnet.AvailabilityZone)
            .OrderBy(subnet => subnet.AvailabilityZone, StringComparer.Ordinal)
            .Select(subnet => new ZoneSubnet(subnet.AvailabilityZone, subnet.SubnetId))
            .ToList();
        return chosen.Count >= FewestZones
            ? new ClusterNetwork(vpcId, chosen)
            : throw new PipelineException(
                ErrorCode.UnfitNetwork, $"The VPC {vpcId} has subnets in {chosen.Count} availability zones; databases need at least two.",
                hint: "Name a VPC in network.vpcId, and subnets in at least two zones in network.subnetIds.");
    }

    // The default VPC is the one that has default subnets: the region's subnets alone tell which that is, but where somebody has removed those.
    private static async Task<(string VpcId, List<Subnet> Subnets)> DefaultAsync(IClients clients, CancellationToken cancellationToken)
    {
        var all = await SubnetsAsync(clients, vpcId: null, cancellationToken);
        if (all.Find(subnet => subnet.DefaultForAz == true)?.VpcId is { } found) return (found, all.FindAll(subnet => subnet.VpcId == found));
        var vpcId = await DefaultVpcAsync(clients, cancellationToken);
        return (vpcId, await SubnetsAsync(clients, vpcId, cancellationToken));
    }

    private static async Task<List<Subnet>> SubnetsAsync(IClients clients, string? vpcId, CancellationToken cancellationToken)
    {
        var request = new DescribeSubnetsRequest { Filters = vpcId is null ? null : [new Filter("vpc-id", [vpcId])] };
        var found = new List<Subnet>();
        do
        {
            var page = await clients.Ec2.DescribeSubnetsAsync(request, cancellationToken);
            found.AddRange(page.Subnets ?? []);
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return found;
    }

    private static async Task<string> DefaultVpcAsync(IClients clients, CancellationToken cancellationToken)
    {
        var request = new DescribeVpcsRequest { Filters = [new Filter("is-default", ["true"])] };
        var vpcs = (await clients.Ec2.DescribeVpcsAsync(request, cancellationToken)).Vpcs ?? [];
        return vpcs.FirstOrDefault()?.VpcId
            ?? throw new PipelineException(ErrorCode.UnfitNetwork, "The region has no default VPC.", hint: "Name one in network.vpcId.");
    }
}

/// <summary>A subnet and its zone.</summary>
/// <param name="Zone">E.g. <c>us-east-1a</c>.</param>
/// <param name="SubnetId">E.g. <c>subnet-0a…</c>.</param>
public sealed record ZoneSubnet(string Zone, string SubnetId);
