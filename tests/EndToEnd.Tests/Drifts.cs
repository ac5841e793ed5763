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
using Filter = Amazon.EC2.Model.Filter;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>A change behind the deployment's back.</summary>
/// <param name="Resource">How Plan calls what was changed.</param>
/// <param name="Says">What Plan says of it.</param>
/// <param name="PutBackBy">The calls by which Deploy puts it back.</param>
/// <param name="Make">Makes it.</param>
internal sealed record Drift(string Resource, string Says, string[] PutBackBy, Func<Task> Make);

/// <summary>Changes a cluster's resources with the SDK, as somebody at a console would.</summary>
internal sealed class Drifts : IDisposable
{
    private readonly AmazonEC2Client ec2;
    private readonly AmazonS3Client s3;
    private readonly AmazonElasticLoadBalancingClient elb;
    private readonly AmazonRDSClient rds;
    private readonly AmazonElastiCacheClient cache;
    private readonly AmazonIdentityManagementServiceClient iam;

    public Drifts(Cluster cluster)
    {
        var credentials = cluster.Connection().Credentials;
        ec2 = new(credentials, cluster.Configured(new AmazonEC2Config()));
        s3 = new(credentials, cluster.Configured(new AmazonS3Config { ForcePathStyle = true }));
        elb = new(credentials, cluster.Configured(new AmazonElasticLoadBalancingConfig()));
        rds = new(credentials, cluster.Configured(new AmazonRDSConfig()));
        cache = new(credentials, cluster.Configured(new AmazonElastiCacheConfig()));
        iam = new(credentials, cluster.Configured(new AmazonIdentityManagementServiceConfig()));
    }

    /// <summary>One in each sort of resource.</summary>
    public IReadOnlyList<Drift> All =>
    [
        new($"bucket {Cluster.Bucket}", "public access: not blocked → blocked", ["s3:PutPublicAccessBlock"], () => s3.PutPublicAccessBlockAsync(new PutPublicAccessBlockRequest
        {
            BucketName = Cluster.Bucket,
            PublicAccessBlockConfiguration = new PublicAccessBlockConfiguration { BlockPublicAcls = true },
        })),
        new("role sync2-webhead", "its policy access", ["iam:PutRolePolicy"], () => iam.PutRolePolicyAsync(new PutRolePolicyRequest
        {
            RoleName = "sync2-webhead",
            PolicyName = "access",
            PolicyDocument = """{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}""",
        })),
        new("instance profile sync2-admin", "role: sync2-admin", ["iam:AddRoleToInstanceProfile"], () => iam.RemoveRoleFromInstanceProfileAsync(
            new RemoveRoleFromInstanceProfileRequest { InstanceProfileName = "sync2-admin", RoleName = "sync2-admin" })),
        new("security group sync2-sg-web", "- allow tcp 22 from 10.0.0.0/8", ["ec2:RevokeSecurityGroupIngress"], OpenSshAsync),
        new("security group sync2-sg-db", "+ allow tcp 3306 from sync2-sg-web", ["ec2:AuthorizeSecurityGroupIngress"], CloseDatabasesAsync),
        new("load balancer sync2-lb", "health check interval: 30 s → 10 s", ["elb:ConfigureHealthCheck"], () => elb.ConfigureHealthCheckAsync(new ConfigureHealthCheckRequest
        {
            LoadBalancerName = "sync2-lb",
            HealthCheck = new HealthCheck { Target = "HTTP:8000/__heartbeat__", Interval = 30, Timeout = 5, HealthyThreshold = 3, UnhealthyThreshold = 3 },
        })),
        new("load balancer sync2-lb", "idle timeout: 90 s → 60 s", ["elb:ModifyLoadBalancerAttributes"], () => elb.ModifyLoadBalancerAttributesAsync(new ModifyLoadBalancerAttributesRequest
        {
            LoadBalancerName = "sync2-lb",
            LoadBalancerAttributes = new LoadBalancerAttributes { ConnectionSettings = new ConnectionSettings { IdleTimeout = 90 } },
        })),
        new("database sync2-db0", "deletion protection: off → on", ["rds:ModifyDBInstance"], () => rds.ModifyDBInstanceAsync(
            new ModifyDBInstanceRequest { DBInstanceIdentifier = "sync2-db0", DeletionProtection = false, ApplyImmediately = true })),
        new("cache parameter group sync2-cache-params", "max_item_size: 8388608 → 4194304", ["elasticache:ModifyCacheParameterGroup"], () => cache.ModifyCacheParameterGroupAsync(
            new ModifyCacheParameterGroupRequest
            {
                CacheParameterGroupName = "sync2-cache-params",
                ParameterNameValues = [new ParameterNameValue { ParameterName = "max_item_size", ParameterValue = "8388608" }],
            })),
        new("fleet", "launch 1 in", ["ec2:RunInstances", "elb:RegisterInstancesWithLoadBalancer"], TerminateWebheadAsync),
    ];

    /// <summary>Lets SSH in from a private network.</summary>
    public async Task OpenSshAsync() => await ec2.AuthorizeSecurityGroupIngressAsync(new AuthorizeSecurityGroupIngressRequest
    {
        GroupId = (await GroupAsync("sync2-sg-web")).GroupId,
        IpPermissions = [new IpPermission { IpProtocol = "tcp", FromPort = 22, ToPort = 22, Ipv4Ranges = [new IpRange { CidrIp = "10.0.0.0/8" }] }],
    });

    /// <summary>Leaves what a builder would have left that was killed.</summary>
    /// <returns>The instance's id.</returns>
    public async Task<string> LeaveBuilderAsync()
    {
        var image = (await ec2.DescribeImagesAsync(new DescribeImagesRequest { Owners = ["self"] })).Images[0].ImageId;
        var tags = new Dictionary<string, string> { ["Product"] = "syncstorage", ["Cluster"] = "sync2", ["Role"] = "builder", ["Name"] = "sync2-builder" };
        var launched = await ec2.RunInstancesAsync(new RunInstancesRequest
        {
            ImageId = image,
            MinCount = 1,
            MaxCount = 1,
            InstanceType = InstanceType.T3Small,
            TagSpecifications = [new Amazon.EC2.Model.TagSpecification { ResourceType = ResourceType.Instance, Tags = [.. tags.Select(tag => new Amazon.EC2.Model.Tag(tag.Key, tag.Value))] }],
        });
        using var log = new MemoryStream("a log"u8.ToArray());
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = Cluster.Bucket, Key = "bake/0123456789ab/log.txt", InputStream = log });
        return launched.Reservation.Instances[0].InstanceId;
    }

    public void Dispose()
    {
        ec2.Dispose();
        s3.Dispose();
        elb.Dispose();
        rds.Dispose();
        cache.Dispose();
        iam.Dispose();
    }

    private async Task CloseDatabasesAsync()
    {
        var group = await GroupAsync("sync2-sg-db");
        await ec2.RevokeSecurityGroupIngressAsync(new RevokeSecurityGroupIngressRequest { GroupId = group.GroupId, IpPermissions = group.IpPermissions });
    }

    private async Task TerminateWebheadAsync()
    {
        var webheads = await ec2.DescribeInstancesAsync(new DescribeInstancesRequest { Filters = [new Filter("tag:Role", ["webhead"]), new Filter("instance-state-name", ["running"])] });
        await ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [webheads.Reservations[0].Instances[0].InstanceId] });
    }

    private async Task<SecurityGroup> GroupAsync(string name) =>
        (await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { Filters = [new Filter("group-name", [name])] })).SecurityGroups[0];
}
