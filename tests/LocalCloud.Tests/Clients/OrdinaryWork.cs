using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.ElastiCache.Model;
using Amazon.ElasticLoadBalancing.Model;
using Amazon.IdentityManagement.Model;
using Amazon.RDS.Model;
using Amazon.S3.Model;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.TestSupport;
using Filter = Amazon.EC2.Model.Filter;

namespace SyncStorage.LocalCloud.Tests.Clients;

/// <summary>
/// One program does with one SDK what people do with all services: it creates, waits, reads, changes and deletes, and prints what it was answered.
/// The tests look at that, and by another client at what LocalCloud then has: each program leaves one thing of each kind as it has changed it.
/// </summary>
/// <param name="name">What the names of everything begin with that the program makes.</param>
[Category(Categories.Processes)]
[Parallelizable(ParallelScope.Self)]
internal abstract class OrdinaryWork(string name)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private JsonNode answers = null!;

    private static LocalCloudFixture Cloud => SharedCloud.Cloud;

    /// <summary>Runs the program once, for all tests.</summary>
    [OneTimeSetUp]
    public async Task WorkAsync()
    {
        var folder = Directory.CreateTempSubdirectory("client-");
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            var (program, script) = await ProgramAsync(patience.Token);
            var arguments = new[] { script, SharedCloud.Endpoint, $"{SharedCloud.FreePort()}" };
            var run = await ClientProcess.RunAsync(program, arguments, folder.FullName, new Dictionary<string, string>(), patience.Token);
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            answers = run.Json;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void Sts_Caller_IsTheOperator() =>
        Assert.That((Answer("sts", "account"), Answer("sts", "arn")), Is.EqualTo(("000000000000", "arn:aws:iam::000000000000:user/local")));

    [Test]
    public async Task S3_Objects_AreAsTheClientLeftThem()
    {
        var s3 = Cloud.S3();
        var buckets = (await s3.ListBucketsAsync()).Buckets.Select(bucket => bucket.BucketName).Where(bucket => bucket.StartsWith(name, StringComparison.Ordinal));
        var left = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = $"{name}-bucket" });
        using var last = await s3.GetObjectAsync($"{name}-bucket", "lock");
        using var reader = new StreamReader(last.ResponseStream);
        var tags = await s3.GetBucketTaggingAsync(new GetBucketTaggingRequest { BucketName = $"{name}-bucket" });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Answers("s3", "listed"), Is.EqualTo((string[])["lock", "many/copy", "many/parts"]));
            Assert.That(Answer("s3", "same"), Is.EqualTo("true"), "what was uploaded in parts came back");
            Assert.That(Answer("s3", "read"), Is.EqualTo("second"));
            Assert.That(Answer("s3", "deleted"), Is.EqualTo("2"));
            Assert.That(buckets, Is.EqualTo((string[])[$"{name}-bucket"]));
            Assert.That(left.S3Objects.Select(item => item.Key), Is.EqualTo((string[])["lock"]));
            Assert.That(await reader.ReadToEndAsync(), Is.EqualTo("second"));
            Assert.That(tags.TagSet.Select(tag => (tag.Key, tag.Value)), Is.EqualTo(new[] { ("Client", name) }));
        }
    }

    [Test]
    public void S3_RefusedWhileTheBodyIsHeldBack_LeavesTheClientAWorkingConnection()
    {
        Assert.That(Answers("s3", "refused"), Is.EqualTo(Enumerable.Repeat("PreconditionFailed", 3)));
        Assert.That(Answers("s3", "missing"), Is.EqualTo(Enumerable.Repeat("NoSuchBucket", 3)));
    }

    [Test]
    public async Task Ssm_Parameters_AreAsTheClientLeftThem()
    {
        var left = await Cloud.Ssm().GetParametersByPathAsync(new GetParametersByPathRequest { Path = $"/{name}", WithDecryption = true });

        using (Assert.EnterMultipleScope())
        {
            Assert.That((Answer("ssm", "taken"), Answer("ssm", "gone")), Is.EqualTo(("ParameterAlreadyExists", "ParameterNotFound")));
            Assert.That(answers["ssm"]!["values"]!.ToJsonString(), Is.EqualTo($$"""{"/{{name}}/plain":"two","/{{name}}/secret":"three"}"""));
            Assert.That(Answer("ssm", "version"), Is.EqualTo("2"));
            Assert.That(left.Parameters.Select(one => (one.Name, one.Value, one.Version)), Is.EqualTo(new[] { ($"/{name}/secret", "three", (long?)2) }));
        }
    }

    [Test]
    public async Task Iam_Roles_AreAsTheClientLeftThem()
    {
        var iam = Cloud.Iam();
        var role = (await iam.GetRoleAsync(new GetRoleRequest { RoleName = $"{name}-role" })).Role;
        var profile = (await iam.GetInstanceProfileAsync(new GetInstanceProfileRequest { InstanceProfileName = $"{name}-role" })).InstanceProfile;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Answers("iam", "roles"), Is.EquivalentTo((string[])[$"{name}-role", $"{name}-gone"]));
            Assert.That((Answer("iam", "action"), Answer("iam", "gone")), Is.EqualTo(("ssm:*", NameOf("NoSuchEntity"))));
            Assert.That((role.Description, role.MaxSessionDuration, role.Path), Is.EqualTo(("changed", (int?)7200, $"/{name}/")));
            Assert.That(profile.Roles.Select(one => one.RoleName), Is.EqualTo((string[])[$"{name}-role"]));
        }
    }

    [Test]
    public async Task Ec2_Instances_LivedAndEnded()
    {
        var ec2 = Cloud.Ec2();
        var group = (await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { GroupNames = [$"{name}-web"] })).SecurityGroups.Single();
        var image = (await ec2.DescribeImagesAsync(new DescribeImagesRequest { Filters = [new Filter("name", [$"{name}-image"])] })).Images.Single();
        var source = (await ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [image.SourceInstanceId] })).Reservations.Single();
        var snapshot = (await ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { SnapshotIds = [image.BlockDeviceMappings[0].Ebs.SnapshotId] })).Snapshots.Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((Answer("ec2", "twice"), Answer("ec2", "unready"), Answer("ec2", "protected")),
                Is.EqualTo(("InvalidPermission.Duplicate", "InvalidParameterValue", "OperationNotPermitted")));
            Assert.That(Answer("ec2", "found"), Is.EqualTo("true"), "by the tag that was changed");
            Assert.That(Answers("ec2", "sizes"), Is.EqualTo((string[])["t3.micro", "t3.small"]));
            Assert.That(Answer("ec2", "console"), Does.Contain("hello from "));
            Assert.That(group.IpPermissions.Single().Ipv4Ranges.Single().Description, Is.EqualTo("inside"));
            Assert.That((image.State.Value, image.Tags.Single().Value, snapshot.Tags.Single().Value), Is.EqualTo(("available", name, name)));
            Assert.That(source.Instances.Select(instance => (instance.State.Name, instance.InstanceType.Value)), Does.Contain((InstanceStateName.Terminated, "t3.small")));
        }
    }

    [Test]
    public void Ssm_Command_RanOnTheInstance() => Assert.That(Answer("command"), Is.EqualTo($"{name} served this\n"));

    [Test]
    public async Task Elb_LoadBalancer_ServedAndIsAsTheClientLeftIt()
    {
        var elb = Cloud.LoadBalancing();
        var left = (await elb.DescribeLoadBalancersAsync(new DescribeLoadBalancersRequest { LoadBalancerNames = [$"{name}-lb"] })).LoadBalancerDescriptions.Single();
        var attributes = (await elb.DescribeLoadBalancerAttributesAsync(new DescribeLoadBalancerAttributesRequest { LoadBalancerName = $"{name}-lb" })).LoadBalancerAttributes;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((Answer("elb", "served"), Answer("elb", "scheme")), Is.EqualTo(($"{name} served this\n", "internet-facing")));
            Assert.That(Answer("elb", "left"), Is.EqualTo("true"), "of two instances the other one stayed");
            Assert.That(Answer("elb", "nobody"), Is.EqualTo(NameOf("LoadBalancerNotFound")));
            Assert.That(left.AvailabilityZones, Is.EqualTo((string[])["us-east-1a", "us-east-1b"]));
            Assert.That(left.HealthCheck.Target, Is.EqualTo("HTTP:8000/index.html"));
            Assert.That((attributes.ConnectionDraining.Timeout, attributes.ConnectionSettings.IdleTimeout), Is.EqualTo(((int?)7, (int?)30)));
        }
    }

    [Test]
    public async Task Rds_Database_LivedAndLeftASnapshot()
    {
        var rds = Cloud.Rds();
        var snapshot = (await rds.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { DBSnapshotIdentifier = $"{name}-final" })).DBSnapshots.Single();
        var databases = (await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances ?? [];

        using (Assert.EnterMultipleScope())
        {
            Assert.That((Answer("rds", "port"), Answer("rds", "retention"), Answer("rds", "gone")), Is.EqualTo(("3306", "3", NameOf("DBInstanceNotFound"))));
            Assert.That(Answer("rds", "version"), Does.StartWith("8.4."));
            Assert.That(answers["rds"]!["tags"]!.ToJsonString(), Is.EqualTo($$"""{"Changed":"yes","Client":"{{name}}"}"""));
            Assert.That((snapshot.Status, snapshot.Engine, snapshot.DBInstanceIdentifier), Is.EqualTo(("available", "mysql", $"{name}-db")));
            Assert.That(databases.Select(one => one.DBInstanceIdentifier), Does.Not.Contain($"{name}-db"));
        }
    }

    [Test]
    public async Task ElastiCache_Cluster_GrewAndIsGone()
    {
        var caches = Cloud.Caches();
        var left = await caches.DescribeCacheParametersAsync(new DescribeCacheParametersRequest { CacheParameterGroupName = $"{name}-params", Source = "user" });
        var clusters = (await caches.DescribeCacheClustersAsync(new DescribeCacheClustersRequest())).CacheClusters ?? [];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Answers("elasticache", "nodes"), Is.EqualTo((string[])["0001", "0002"]));
            Assert.That((Answer("elasticache", "port"), Answer("elasticache", "gone")), Is.EqualTo(("11211", NameOf("CacheClusterNotFound"))));
            Assert.That(answers["elasticache"]!["parameters"]!.ToJsonString(), Is.EqualTo("""{"max_item_size":"2097152"}"""));
            Assert.That(left.Parameters.Select(one => (one.ParameterName, one.ParameterValue)), Is.EqualTo(new[] { ("max_item_size", "2097152") }));
            Assert.That(clusters.Select(one => one.CacheClusterId), Does.Not.Contain($"{name}-cache"));
        }
    }

    /// <summary>The program and its script, which is given the endpoint and a port for a load balancer.</summary>
    protected abstract Task<(string Program, string Script)> ProgramAsync(CancellationToken cancellationToken);

    /// <summary>How this SDK names an error whose code on the wire is this.</summary>
    protected virtual string NameOf(string code) => code;

    private string Answer(params string[] path) => path.Aggregate(answers, (node, key) => node[key]!).ToString();

    private IEnumerable<string> Answers(string service, string member) => answers[service]![member]!.AsArray().Select(item => item!.ToString());
}
