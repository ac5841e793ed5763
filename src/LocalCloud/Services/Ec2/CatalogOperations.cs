using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Instances;
using SyncStorage.LocalCloud.Services.Ec2.Rules;
using SyncStorage.LocalCloud.Services.Ec2.State;

namespace SyncStorage.LocalCloud.Services.Ec2;

/// <summary>What every account finds: the region with its zones, the default VPC with its subnets, instance types.</summary>
internal sealed class CatalogOperations(CloudContext context, Ec2Store store)
{
    private static readonly Dictionary<string, string> NoTags = [];

    private static readonly (string Type, int Cpus, int MemoryMib)[] Types =
    [
        ("t3.micro", 2, 1024), ("t3.small", 2, 2048), ("t3.medium", 2, 4096), ("t3.large", 2, 8192), ("t3.xlarge", 4, 16384),
        ("t4g.micro", 2, 1024), ("t4g.small", 2, 2048), ("t4g.medium", 2, 4096), ("t4g.large", 2, 8192),
        ("m7i.large", 2, 8192), ("m7i.xlarge", 4, 16384), ("m7g.large", 2, 8192), ("m7g.xlarge", 4, 16384),
        ("c7i.large", 2, 4096), ("c7g.large", 2, 4096), ("r7i.large", 2, 16384), ("r7g.large", 2, 16384),
    ];

    /// <summary>How many vCPUs a type has; of one that is not in the catalogue, as many as most.</summary>
    public static int CpusOf(string type) => Array.Find(Types, one => one.Type == type) is { Type: not null } known ? known.Cpus : 2;

    public void AddTo(Handlers handlers)
    {
        handlers.Add("DescribeRegions", DescribeRegions);
        handlers.Add("DescribeAvailabilityZones", DescribeZones);
        handlers.Add("DescribeVpcs", DescribeVpcs);
        handlers.Add("DescribeSubnets", DescribeSubnets);
        handlers.Add("DescribeInstanceTypes", DescribeTypes);
        handlers.Add("DescribeInstanceTypeOfferings", DescribeOfferings);
    }

    private JsonObject DescribeRegions(JsonObject input)
    {
        if (input.Texts("RegionNames").FirstOrDefault(name => name != context.Region) is { } unknown)
            throw Ec2Errors.InvalidParameterValue($"Invalid region provided: {unknown}");
        var endpoint = $"ec2.{context.Region}.amazonaws.com";
        var filters = new Filters(input).Knowing("region-name", "endpoint", "opt-in-status");
        var regions = filters.Apply([context.Region], (region, name) => name switch
        {
            "region-name" => [region],
            "endpoint" => [endpoint],
            _ => ["opt-in-not-required"],
        }, _ => NoTags);
        return new JsonObject
        {
            ["Regions"] = regions.ToArray(region => new JsonObject
            {
                ["RegionName"] = region,
                ["Endpoint"] = endpoint,
                ["OptInStatus"] = "opt-in-not-required",
            }),
        };
    }

    private string ZoneId(string zone) => $"{context.Region.Split('-')[0]}{context.Region.Split('-')[1][0]}{context.Region[^1]}-az{zone[^1] - 'a' + 1}";

    private JsonObject DescribeZones(JsonObject input)
    {
        var names = input.Texts("ZoneNames");
        if (names.FirstOrDefault(name => !context.Zones.Contains(name)) is { } unknown)
            throw Ec2Errors.InvalidParameterValue($"Invalid availability zone: [{unknown}]");
        var filters = new Filters(input).Knowing("zone-name", "zone-id", "state", "region-name", "zone-type", "opt-in-status", "group-name");
        var zones = filters.Apply(context.Zones.Where(zone => names.Count == 0 || names.Contains(zone)), (zone, name) => name switch
        {
            "zone-name" => [zone],
            "zone-id" => [ZoneId(zone)],
            "state" => ["available"],
            "zone-type" => ["availability-zone"],
            "opt-in-status" => ["opt-in-not-required"],
            _ => [context.Region],
        }, _ => NoTags);
        return new JsonObject
        {
            ["AvailabilityZones"] = zones.ToArray(zone => new JsonObject
            {
                ["ZoneName"] = zone,
                ["ZoneId"] = ZoneId(zone),
                ["State"] = "available",
                ["RegionName"] = context.Region,
                ["GroupName"] = context.Region,
                ["NetworkBorderGroup"] = context.Region,
                ["ZoneType"] = "availability-zone",
                ["OptInStatus"] = "opt-in-not-required",
                ["Messages"] = new JsonArray(),
            }),
        };
    }

    private JsonObject DescribeVpcs(JsonObject input) => store.Read(state =>
    {
        if (input.Texts("VpcIds").FirstOrDefault(id => id != CloudContext.VpcId) is { } unknown) throw Ec2Errors.VpcNotFound(unknown);
        var filters = new Filters(input).Knowing("vpc-id", "is-default", "isDefault", "state", "cidr", "cidr-block", "owner-id");
        var vpcs = filters.Apply([CloudContext.VpcId], (vpc, name) => name switch
        {
            "vpc-id" => [vpc],
            "is-default" or "isDefault" => ["true"],
            "state" => ["available"],
            "owner-id" => [context.AccountId],
            _ => ["172.31.0.0/16"],
        }, state.TagsOf);
        return new JsonObject
        {
            ["Vpcs"] = vpcs.ToArray(vpc => new JsonObject
            {
                ["VpcId"] = vpc,
                ["State"] = "available",
                ["CidrBlock"] = "172.31.0.0/16",
                ["CidrBlockAssociationSet"] = new JsonArray(new JsonObject
                {
                    ["AssociationId"] = "vpc-cidr-assoc-" + vpc[4..],
                    ["CidrBlock"] = "172.31.0.0/16",
                    ["CidrBlockState"] = new JsonObject { ["State"] = "associated" },
                }),
                ["DhcpOptionsId"] = "dopt-" + vpc[4..],
                ["InstanceTenancy"] = "default",
                ["IsDefault"] = true,
                ["OwnerId"] = context.AccountId,
                ["Tags"] = state.TagList(vpc),
            }),
        };
    });

    private JsonObject DescribeSubnets(JsonObject input) => store.Read(state =>
    {
        var ids = input.Texts("SubnetIds");
        if (ids.FirstOrDefault(id => !CloudContext.SubnetIds.Contains(id)) is { } unknown) throw Ec2Errors.SubnetNotFound(unknown);
        var all = CloudContext.SubnetIds.Select((id, index) => (Id: id, Zone: context.Zones[index], Cidr: $"172.31.{index * 16}.0/20"));
        var filters = new Filters(input).Knowing(
            "subnet-id", "vpc-id", "availability-zone", "availabilityZone", "default-for-az", "defaultForAz", "state", "cidr-block", "owner-id", "map-public-ip-on-launch");
        var matching = filters.Apply(all.Where(subnet => ids.Count == 0 || ids.Contains(subnet.Id)), (subnet, name) => name switch
        {
            "subnet-id" => [subnet.Id],
            "vpc-id" => [CloudContext.VpcId],
            "availability-zone" or "availabilityZone" => [subnet.Zone],
            "cidr-block" => [subnet.Cidr],
            "state" => ["available"],
            "owner-id" => [context.AccountId],
            _ => ["true"],
        }, subnet => state.TagsOf(subnet.Id));
        var (page, next) = Paging.Cut(matching, input);
        return new JsonObject
        {
            ["Subnets"] = page.ToArray(subnet => new JsonObject
            {
                ["SubnetId"] = subnet.Id,
                ["SubnetArn"] = $"arn:aws:ec2:{context.Region}:{context.AccountId}:subnet/{subnet.Id}",
                ["VpcId"] = CloudContext.VpcId,
                ["State"] = "available",
                ["AvailabilityZone"] = subnet.Zone,
                ["AvailabilityZoneId"] = ZoneId(subnet.Zone),
                ["CidrBlock"] = subnet.Cidr,
                ["AvailableIpAddressCount"] = 4091 - state.Instances.Count(instance => instance.Exists && instance.SubnetId == subnet.Id),
                ["DefaultForAz"] = true,
                ["MapPublicIpOnLaunch"] = true,
                ["AssignIpv6AddressOnCreation"] = false,
                ["OwnerId"] = context.AccountId,
                ["Tags"] = state.TagList(subnet.Id),
                ["Ipv6CidrBlockAssociationSet"] = new JsonArray(),
            }),
        }.WithNext(next);
    });

    private static JsonObject DescribeTypes(JsonObject input)
    {
        var names = input.Texts("InstanceTypes");
        if (names.FirstOrDefault(name => !Array.Exists(Types, type => type.Type == name)) is { } unknown)
            throw new AwsException("InvalidInstanceType", $"The following supplied instance types do not exist: [{unknown}]");
        var filters = new Filters(input).Knowing("instance-type", "processor-info.supported-architecture", "current-generation", "vcpu-info.default-vcpus");
        var matching = filters.Apply(Types.Where(type => names.Count == 0 || names.Contains(type.Type)), (type, name) => name switch
        {
            "instance-type" => [type.Type],
            "processor-info.supported-architecture" => [LaunchRequest.ArchitectureOf(type.Type)],
            "vcpu-info.default-vcpus" => [$"{type.Cpus}"],
            _ => ["true"],
        }, _ => NoTags);
        var (page, next) = Paging.Cut(matching, input, largest: 100);
        return new JsonObject
        {
            ["InstanceTypes"] = page.ToArray(type => new JsonObject
            {
                ["InstanceType"] = type.Type,
                ["CurrentGeneration"] = true,
                ["FreeTierEligible"] = false,
                ["SupportedUsageClasses"] = new JsonArray("on-demand"),
                ["SupportedRootDeviceTypes"] = new JsonArray("ebs"),
                ["SupportedVirtualizationTypes"] = new JsonArray("hvm"),
                ["BareMetal"] = false,
                ["Hypervisor"] = "nitro",
                ["ProcessorInfo"] = new JsonObject { ["SupportedArchitectures"] = new JsonArray(LaunchRequest.ArchitectureOf(type.Type)) },
                ["VCpuInfo"] = new JsonObject { ["DefaultVCpus"] = type.Cpus },
                ["MemoryInfo"] = new JsonObject { ["SizeInMiB"] = type.MemoryMib },
                ["InstanceStorageSupported"] = false,
                ["BurstablePerformanceSupported"] = type.Type[0] == 't',
                ["HibernationSupported"] = false,
            }),
        }.WithNext(next);
    }

    private JsonObject DescribeOfferings(JsonObject input)
    {
        var byZone = input.Text("LocationType") switch
        {
            null or "region" => false,
            "availability-zone" => true,
            var other => throw Ec2Errors.InvalidParameterValue($"The location type '{other}' is not valid."),
        };
        var locations = byZone ? context.Zones : [context.Region];
        var all = Types.SelectMany(type => locations.Select(location => (type.Type, Location: location)));
        var filters = new Filters(input).Knowing("instance-type", "location");
        var (page, next) = Paging.Cut(filters.Apply(all, (offer, name) => name == "location" ? [offer.Location] : [offer.Type], _ => NoTags), input);
        return new JsonObject
        {
            ["InstanceTypeOfferings"] = page.ToArray(offer => new JsonObject
            {
                ["InstanceType"] = offer.Type,
                ["LocationType"] = byZone ? "availability-zone" : "region",
                ["Location"] = offer.Location,
            }),
        }.WithNext(next);
    }
}
