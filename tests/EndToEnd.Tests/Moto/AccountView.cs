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
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Filter = Amazon.EC2.Model.Filter;

namespace SyncStorage.EndToEnd.Tests.Moto;

/// <summary>What an account says there is of the cluster, a line for each thing.</summary>
internal sealed class AccountView(Cluster cluster) : IDisposable
{
    private readonly AmazonEC2Client ec2 = new(cluster.Connection().Credentials, cluster.Configured(new AmazonEC2Config()));
    private readonly AmazonS3Client s3 = new(cluster.Connection().Credentials, cluster.Configured(new AmazonS3Config { ForcePathStyle = true }));
    private readonly AmazonElasticLoadBalancingClient elb = new(cluster.Connection().Credentials, cluster.Configured(new AmazonElasticLoadBalancingConfig()));
    private readonly AmazonRDSClient rds = new(cluster.Connection().Credentials, cluster.Configured(new AmazonRDSConfig()));
    private readonly AmazonElastiCacheClient cache = new(cluster.Connection().Credentials, cluster.Configured(new AmazonElastiCacheConfig()));
    private readonly AmazonIdentityManagementServiceClient iam = new(cluster.Connection().Credentials, cluster.Configured(new AmazonIdentityManagementServiceConfig()));
    private readonly AmazonSimpleSystemsManagementClient ssm = new(cluster.Connection().Credentials, cluster.Configured(new AmazonSimpleSystemsManagementConfig()));

    /// <summary>All there is, but for the final snapshots of databases.</summary>
    public async Task<IReadOnlyList<string>> AllAsync() =>
        [.. await BucketsAsync(), .. await RolesAsync(), .. await GroupsAsync(), .. await LoadBalancersAsync(), .. await DatabasesAsync(), .. await CacheAsync(), .. await SecretsAsync()];

    /// <summary>The databases' snapshots.</summary>
    public async Task<IReadOnlyList<string>> SnapshotsAsync() =>
        [.. ((await rds.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest())).DBSnapshots ?? []).Select(snapshot => snapshot.DBSnapshotIdentifier).Order(StringComparer.Ordinal)];

    /// <summary>Says of databases what an admin instance says of those that it has initialized.</summary>
    public async Task TagDatabasesAsync(string key, Func<string, string> valueOf)
    {
        foreach (var database in (await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances)
        {
            await rds.AddTagsToResourceAsync(new Amazon.RDS.Model.AddTagsToResourceRequest
            {
                ResourceName = database.DBInstanceArn,
                Tags = [new Amazon.RDS.Model.Tag { Key = key, Value = valueOf(database.DBInstanceIdentifier) }],
            });
        }
    }

    public void Dispose()
    {
        foreach (var client in new AmazonServiceClient[] { ec2, s3, elb, rds, cache, iam, ssm }) client.Dispose();
    }

    private async Task<IEnumerable<string>> BucketsAsync()
    {
        var found = new List<string>();
        foreach (var bucket in (await s3.ListBucketsAsync(new ListBucketsRequest())).Buckets ?? [])
        {
            var access = (await s3.GetPublicAccessBlockAsync(new GetPublicAccessBlockRequest { BucketName = bucket.BucketName })).PublicAccessBlockConfiguration;
            var encryption = (await s3.GetBucketEncryptionAsync(new GetBucketEncryptionRequest { BucketName = bucket.BucketName })).ServerSideEncryptionConfiguration.ServerSideEncryptionRules[0];
            var rule = (await s3.GetLifecycleConfigurationAsync(new GetLifecycleConfigurationRequest { BucketName = bucket.BucketName })).Configuration.Rules[0];
            var isPrivate = access is { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
            found.Add($"bucket {bucket.BucketName}: {(isPrivate ? "private" : "public")}, {encryption.ServerSideEncryptionByDefault.ServerSideEncryptionAlgorithm}, "
                + $"{((LifecyclePrefixPredicate)rule.Filter.LifecycleFilterPredicate).Prefix} for {rule.Expiration.Days} d");
        }

        return found;
    }

    private async Task<IEnumerable<string>> RolesAsync()
    {
        var found = new List<string>();
        foreach (var profile in (await iam.ListInstanceProfilesAsync(new ListInstanceProfilesRequest())).InstanceProfiles ?? [])
            found.Add($"instance profile {profile.Path}{profile.InstanceProfileName}: {string.Join(", ", (profile.Roles ?? []).Select(role => role.RoleName))}");
        foreach (var role in (await iam.ListRolesAsync(new ListRolesRequest())).Roles ?? [])
        {
            var policy = await iam.GetRolePolicyAsync(new GetRolePolicyRequest { RoleName = role.RoleName, PolicyName = "access" });
            var document = Uri.UnescapeDataString(policy.PolicyDocument);
            found.Add($"role {role.Path}{role.RoleName}: {(document.Contains("/sync2/master-secret", StringComparison.Ordinal) ? "with" : "without")} the master secret");
        }

        return found.Order(StringComparer.Ordinal);
    }

    private async Task<IEnumerable<string>> GroupsAsync()
    {
        var groups = (await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { Filters = [new Filter("group-name", ["sync2*"])] })).SecurityGroups ?? [];
        var names = groups.ToDictionary(group => group.GroupId, group => group.GroupName);
        return groups.OrderBy(group => group.GroupName, StringComparer.Ordinal).Select(one => $"{one.GroupName}: " + string.Join("; ",
            from rule in one.IpPermissions ?? []
            from peer in (rule.Ipv4Ranges ?? []).Select(range => range.CidrIp).Concat((rule.UserIdGroupPairs ?? []).Select(pair => names[pair.GroupId]))
            select $"{rule.IpProtocol} {rule.FromPort}-{rule.ToPort} from {peer}"));
    }

    private async Task<IEnumerable<string>> LoadBalancersAsync()
    {
        var found = new List<string>();
        foreach (var one in (await elb.DescribeLoadBalancersAsync(new DescribeLoadBalancersRequest())).LoadBalancerDescriptions ?? [])
        {
            var attributes = (await elb.DescribeLoadBalancerAttributesAsync(new DescribeLoadBalancerAttributesRequest { LoadBalancerName = one.LoadBalancerName })).LoadBalancerAttributes;
            var (listener, check) = (one.ListenerDescriptions[0].Listener, one.HealthCheck);
            found.Add($"load balancer {one.LoadBalancerName}: {listener.Protocol} {listener.LoadBalancerPort} to {listener.InstancePort}, {check.Target} every {check.Interval} s, "
                + $"drains {attributes.ConnectionDraining.Timeout} s, idle {attributes.ConnectionSettings.IdleTimeout} s, {(attributes.CrossZoneLoadBalancing.Enabled == true ? "across" : "within")} {one.Subnets.Count} zones");
        }

        return found;
    }

    private async Task<IEnumerable<string>> DatabasesAsync()
    {
        var groups = (await rds.DescribeDBSubnetGroupsAsync(new DescribeDBSubnetGroupsRequest())).DBSubnetGroups ?? [];
        var databases = (await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances ?? [];
        return
        [
            .. groups.Select(group => $"database subnet group {group.DBSubnetGroupName}: {group.Subnets.Count} zones"),
            .. databases.Select(one => $"database {one.DBInstanceIdentifier}: {one.Engine} {one.EngineVersion}, {one.DBInstanceClass}, {one.AllocatedStorage} GiB, "
                + $"{(one.StorageEncrypted == true ? "encrypted" : "open")}, {(one.DeletionProtection == true ? "protected" : "unprotected")}, {(one.PubliclyAccessible == true ? "public" : "private")}, "
                + $"backups {one.BackupRetentionPeriod} d, in {one.DBSubnetGroup.DBSubnetGroupName}"),
        ];
    }

    private async Task<IEnumerable<string>> CacheAsync()
    {
        var groups = (await cache.DescribeCacheSubnetGroupsAsync(new DescribeCacheSubnetGroupsRequest())).CacheSubnetGroups ?? [];
        var clusters = (await cache.DescribeCacheClustersAsync(new DescribeCacheClustersRequest { ShowCacheNodeInfo = true })).CacheClusters ?? [];
        return
        [
            .. groups.Select(group => $"cache subnet group {group.CacheSubnetGroupName}: {group.Subnets.Count} zones"),
            .. clusters.Select(one => $"cache cluster {one.CacheClusterId}: {one.Engine} {one.EngineVersion}, {one.NumCacheNodes} of {one.CacheNodeType}, in {one.CacheSubnetGroupName}"),
        ];
    }

    private async Task<IEnumerable<string>> SecretsAsync() =>
        ((await ssm.GetParametersByPathAsync(new GetParametersByPathRequest { Path = "/sync2", Recursive = true })).Parameters ?? [])
            .Select(parameter => $"{parameter.Type} {parameter.Name}").Order(StringComparer.Ordinal);
}
