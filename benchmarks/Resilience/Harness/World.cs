using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.ElastiCache;
using Amazon.ElastiCache.Model;
using Amazon.ElasticLoadBalancing;
using Amazon.ElasticLoadBalancing.Model;
using Amazon.IdentityManagement;
using Amazon.IdentityManagement.Model;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Instance = Amazon.EC2.Model.Instance;

namespace SyncStorage.Resilience.Harness;

/// <summary>
/// All that there is in a cluster's cloud, as lines that two runs can be compared by: what is made by chance (ids, addresses,
/// dates) is left out.
/// </summary>
internal sealed partial class World(Cluster cluster) : IDisposable
{
    /// <summary>Grows with every deployment, or is the record of them.</summary>
    private static readonly string[] Records = ["history/", "state/"];

    private static readonly string[] Rotations = ["databasePassword", "masterSecret", "certificate", "credentials"];

    private const int Looks = 20;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    private readonly AmazonEC2Client ec2 = new(cluster.Connection().Credentials, cluster.Configured(new AmazonEC2Config()));
    private readonly AmazonS3Client s3 = new(cluster.Connection().Credentials, cluster.Configured(new AmazonS3Config { ForcePathStyle = true }));
    private readonly AmazonSimpleSystemsManagementClient ssm = new(cluster.Connection().Credentials, cluster.Configured(new AmazonSimpleSystemsManagementConfig()));
    private readonly AmazonElasticLoadBalancingClient elb = new(cluster.Connection().Credentials, cluster.Configured(new AmazonElasticLoadBalancingConfig()));
    private readonly AmazonRDSClient rds = new(cluster.Connection().Credentials, cluster.Configured(new AmazonRDSConfig()));
    private readonly AmazonElastiCacheClient cache = new(cluster.Connection().Credentials, cluster.Configured(new AmazonElastiCacheConfig()));

    private readonly AmazonIdentityManagementServiceClient iam = new(cluster.Connection().Credentials, cluster.Configured(new AmazonIdentityManagementServiceConfig()));

    /// <summary>The lines, sorted.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync()
    {
        var groups = (await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest())).SecurityGroups ?? [];
        var names = groups.ToDictionary(group => group.GroupId, group => group.GroupName);
        List<string> lines =
        [
            .. groups.SelectMany(group => Lines(group, names)),
            .. (await InstancesAsync()).Select(instance => Line(instance, names)),
            .. await ImagesAsync(),
            .. await LoadBalancersAsync(names),
            .. await DataStoresAsync(),
            .. await RolesAsync(),
            .. await KeysAsync(),
            .. await ParametersAsync(),
            .. Processes(),
        ];
        return [.. lines.Select(line => line.Replace($"{cluster.LoadBalancerPort}", "(port)", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Waits until there is exactly what is expected; processes take a moment to end.</summary>
    /// <returns>What differs; null if nothing.</returns>
    public async Task<string?> DifferenceAsync(IReadOnlyList<string> expected)
    {
        for (var looks = 1; ; looks++)
        {
            var there = await ReadAsync();
            var (missing, more) = (Without(expected, there), Without(there, expected));
            if (missing.Count + more.Count == 0) return null;
            if (looks == Looks) return $"missing: [{string.Join("; ", missing)}] too much: [{string.Join("; ", more)}]";
            await Task.Delay(BetweenLooks, TimeProvider.System, cluster.Stopping);
        }
    }

    /// <summary>Whether nobody holds the deploy lock.</summary>
    public async Task<bool> IsUnlockedAsync() => await StateAsync("state/lock.json") is not { } held || !(bool)held["held"]!;

    /// <summary>What of the deployments' records is not as it must be when none runs: the lock, the journal.</summary>
    /// <param name="finished">Whether the last one reached its end; otherwise the next may have to go on with it.</param>
    /// <returns>What is wrong; null if nothing.</returns>
    public async Task<string?> UnsettledAsync(bool finished)
    {
        if (!await IsUnlockedAsync()) return "the lock is still held";
        if (!finished || await StateAsync("state/journal.json") is not { } journal) return null;
        if ((bool)journal["open"]!) return $"the journal is open: {journal["position"]}";
        if (journal["launch"] is not null) return "the journal has a launch without an answer";
        var rotations = await StateAsync("state/rotation.json") as JsonObject;
        return Rotations.FirstOrDefault(one => rotations?[one] is not null) is { } unfinished ? $"a rotation is unfinished: {unfinished} {rotations![unfinished]}" : null;
    }

    public void Dispose()
    {
        ec2.Dispose();
        s3.Dispose();
        ssm.Dispose();
        elb.Dispose();
        rds.Dispose();
        cache.Dispose();
        iam.Dispose();
    }

    /// <summary>What the first has more often than the second.</summary>
    private static List<string> Without(IReadOnlyList<string> lines, IReadOnlyList<string> others)
    {
        var rest = lines.ToList();
        foreach (var other in others) rest.Remove(other);
        return rest;
    }

    private async Task<JsonNode?> StateAsync(string key)
    {
        try
        {
            using var response = await s3.GetObjectAsync(new GetObjectRequest { BucketName = Cluster.Bucket, Key = key });
            return await JsonNode.ParseAsync(response.ResponseStream);
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode is "NoSuchKey" or "NoSuchBucket")
        {
            return null;
        }
    }

    // The data plane, as the machine sees it.
    private IEnumerable<string> Processes() => cluster.Processes().Select(ProgramOf).Where(program => program is "webhead" or "mariadbd" or "memcached").Select(program => $"process {program}");

    private static string ProgramOf(string commandLine) => Path.GetFileName(commandLine.Split(' ')[0]);

    private static IEnumerable<string> Lines(SecurityGroup group, Dictionary<string, string> names) =>
    [
        $"group {group.GroupName}",
        .. (group.IpPermissions ?? []).SelectMany(rule =>
            (rule.Ipv4Ranges ?? []).Select(range => range.CidrIp).Concat((rule.UserIdGroupPairs ?? []).Select(pair => names.GetValueOrDefault(pair.GroupId, pair.GroupId)))
                .Select(source => $"rule {group.GroupName} {rule.IpProtocol} {rule.FromPort}-{rule.ToPort} from {source}")),
    ];

    private static string Line(Instance instance, Dictionary<string, string> names)
    {
        string? Tag(string key) => instance.Tags?.Find(tag => tag.Key == key)?.Value;
        return $"instance {Tag("Role")} {instance.InstanceType} {instance.State.Name} release {Tag("Release")} in {string.Join(",", instance.SecurityGroups.Select(group => names[group.GroupId]))}";
    }

    private async Task<IEnumerable<Instance>> InstancesAsync() =>
        ((await ec2.DescribeInstancesAsync(new DescribeInstancesRequest())).Reservations ?? []).SelectMany(reservation => reservation.Instances)
            .Where(instance => instance.State.Name != InstanceStateName.Terminated && instance.State.Name != InstanceStateName.ShuttingDown);

    private async Task<IEnumerable<string>> ImagesAsync()
    {
        var images = (await ec2.DescribeImagesAsync(new DescribeImagesRequest { Owners = ["self"] })).Images ?? [];
        var used = images.SelectMany(image => image.BlockDeviceMappings ?? []).Select(mapping => mapping.Ebs?.SnapshotId).ToHashSet();
        var snapshots = (await ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { OwnerIds = ["self"] })).Snapshots ?? [];
        return
        [
            .. images.Select(image => $"image {image.Name} {image.State} verified {image.Tags?.Find(tag => tag.Key == "Verified")?.Value}"),
            .. ((await ec2.DescribeVolumesAsync(new DescribeVolumesRequest())).Volumes ?? []).Select(volume => $"volume {volume.State}"),
            .. snapshots.Select(snapshot => used.Contains(snapshot.SnapshotId) ? "snapshot of an image" : "snapshot of nothing"),
        ];
    }

    private async Task<IEnumerable<string>> LoadBalancersAsync(Dictionary<string, string> names)
    {
        var lines = new List<string>();
        foreach (var lb in (await elb.DescribeLoadBalancersAsync(new DescribeLoadBalancersRequest())).LoadBalancerDescriptions ?? [])
        {
            var health = (await elb.DescribeInstanceHealthAsync(new DescribeInstanceHealthRequest { LoadBalancerName = lb.LoadBalancerName })).InstanceStates ?? [];
            lines.Add($"load balancer {lb.LoadBalancerName} in {string.Join(",", (lb.SecurityGroups ?? []).Select(id => names[id]))} probes {lb.HealthCheck.Target} every {lb.HealthCheck.Interval} s");
            lines.AddRange((lb.ListenerDescriptions ?? []).Select(one => $"listener {one.Listener.Protocol} {one.Listener.LoadBalancerPort} to {one.Listener.InstancePort}"));
            lines.AddRange(health.Select(one => $"registered {one.State} {one.Description}"));
        }

        return lines;
    }

    private async Task<IEnumerable<string>> DataStoresAsync() =>
    [
        .. ((await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances ?? []).Select(db => $"database {db.DBInstanceIdentifier} {db.DBInstanceStatus} {db.DBInstanceClass} protected {db.DeletionProtection}"),
        .. ((await rds.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest())).DBSnapshots ?? []).Select(snapshot => $"database snapshot {snapshot.DBSnapshotIdentifier}"),
        .. ((await rds.DescribeDBSubnetGroupsAsync(new DescribeDBSubnetGroupsRequest())).DBSubnetGroups ?? []).Select(group => $"database subnets {group.DBSubnetGroupName}"),
        .. ((await cache.DescribeCacheClustersAsync(new DescribeCacheClustersRequest())).CacheClusters ?? []).Select(one => $"cache {one.CacheClusterId} {one.CacheClusterStatus} nodes {one.NumCacheNodes}"),
        .. ((await cache.DescribeCacheSubnetGroupsAsync(new DescribeCacheSubnetGroupsRequest())).CacheSubnetGroups ?? []).Select(group => $"cache subnets {group.CacheSubnetGroupName}"),
        .. ((await cache.DescribeCacheParameterGroupsAsync(new DescribeCacheParameterGroupsRequest())).CacheParameterGroups ?? []).Select(group => $"cache parameters {group.CacheParameterGroupName}"),
    ];

    private async Task<IEnumerable<string>> RolesAsync()
    {
        var lines = new List<string>();
        foreach (var role in (await iam.ListRolesAsync(new ListRolesRequest())).Roles ?? [])
        {
            var policies = (await iam.ListRolePoliciesAsync(new ListRolePoliciesRequest { RoleName = role.RoleName })).PolicyNames ?? [];
            lines.Add($"role {role.Path}{role.RoleName} with {string.Join(",", policies)}");
        }

        lines.AddRange(((await iam.ListInstanceProfilesAsync(new ListInstanceProfilesRequest())).InstanceProfiles ?? [])
            .Select(profile => $"instance profile {profile.Path}{profile.InstanceProfileName} of {string.Join(",", (profile.Roles ?? []).Select(role => role.RoleName))}"));
        lines.AddRange(((await iam.ListServerCertificatesAsync(new ListServerCertificatesRequest())).ServerCertificateMetadataList ?? []).Select(one => $"certificate {one.Path}"));
        return lines;
    }

    private async Task<IEnumerable<string>> KeysAsync() =>
        ((await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Cluster.Bucket })).S3Objects ?? [])
            .Where(item => !Array.Exists(Records, prefix => item.Key.StartsWith(prefix, StringComparison.Ordinal)))
            .Select(item => $"object {ConfigurationNumber().Replace(item.Key, "config/<n>.json")}").Distinct();

    private async Task<IEnumerable<string>> ParametersAsync()
    {
        var request = new GetParametersByPathRequest { Path = "/sync2", Recursive = true, WithDecryption = true };
        var lines = new List<string>();
        do
        {
            var page = await ssm.GetParametersByPathAsync(request);
            lines.AddRange((page.Parameters ?? []).Select(parameter => $"parameter {parameter.Name} of {parameter.Value.Split(',').Length}"));
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return lines;
    }

    // How many there have been depends on how often a run was killed.
    [GeneratedRegex("^config/[0-9]+\\.json$")]
    private static partial Regex ConfigurationNumber();
}
