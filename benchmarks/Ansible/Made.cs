using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.ElastiCache;
using Amazon.ElastiCache.Model;
using Amazon.ElasticLoadBalancing;
using Amazon.ElasticLoadBalancing.Model;
using Amazon.RDS;
using Amazon.RDS.Model;
using SyncStorage.Resilience.Harness;
using Filter = Amazon.EC2.Model.Filter;

namespace SyncStorage.Ansible;

/// <summary>What a side has made, as the cloud says: only what is really there has been measured.</summary>
/// <param name="Groups">Security groups with rules.</param>
/// <param name="Instances">Webheads that run.</param>
/// <param name="InService">Webheads that the load balancer says are in service.</param>
/// <param name="Databases">Databases that are available.</param>
/// <param name="Caches">Cache clusters that are available.</param>
internal sealed record Made(int Groups, int Instances, int InService, int Databases, int Caches)
{
    private const int Webheads = 3;

    /// <summary>Whether the site stands: at least three groups, three webheads in service, database and cache.</summary>
    public bool IsWhole => this is { Groups: >= 3, Instances: Webheads, InService: Webheads, Databases: 1, Caches: 1 };

    /// <summary>Looks.</summary>
    /// <param name="cluster">Whose LocalCloud.</param>
    /// <param name="name">What the side's names begin with.</param>
    public static async Task<Made> OfAsync(Cluster cluster, string name)
    {
        var credentials = cluster.Connection().Credentials;
        using var ec2 = new AmazonEC2Client(credentials, cluster.Configured(new AmazonEC2Config()));
        using var elb = new AmazonElasticLoadBalancingClient(credentials, cluster.Configured(new AmazonElasticLoadBalancingConfig()));
        using var rds = new AmazonRDSClient(credentials, cluster.Configured(new AmazonRDSConfig()));
        using var caches = new AmazonElastiCacheClient(credentials, cluster.Configured(new AmazonElastiCacheConfig()));
        var groups = (await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { Filters = [new Filter("group-name", [$"{name}-sg-*"])] })).SecurityGroups ?? [];
        var instances = (await ec2.DescribeInstancesAsync(new DescribeInstancesRequest { Filters = [new Filter("tag:Name", [$"{name}-webhead"]), new Filter("instance-state-name", ["running"])] })).Reservations ?? [];
        var health = (await elb.DescribeInstanceHealthAsync(new DescribeInstanceHealthRequest { LoadBalancerName = $"{name}-lb" })).InstanceStates ?? [];
        var databases = (await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = $"{name}-db0" })).DBInstances ?? [];
        var clusters = (await caches.DescribeCacheClustersAsync(new DescribeCacheClustersRequest { CacheClusterId = $"{name}-cache" })).CacheClusters ?? [];
        return new Made(
            groups.Count(group => group.IpPermissions is { Count: > 0 }), instances.Sum(reservation => reservation.Instances.Count), health.Count(one => one.State == "InService"),
            databases.Count(one => one.DBInstanceStatus == "available"), clusters.Count(one => one.CacheClusterStatus == "available"));
    }
}
