using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.ElasticLoadBalancing.Model;
using Amazon.IdentityManagement.Model;
using Amazon.RDS.Model;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Clients;

/// <summary>The AWS CLI, command by command, as people type them.</summary>
[Category(Categories.Processes)]
[Parallelizable(ParallelScope.All)]
[CancelAfter(300_000)]
internal sealed class AwscliTests
{
    private const string ImageParameter = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("awscli-");
    private string aws = "";

    private static LocalCloudFixture Cloud => SharedCloud.Cloud;

    [OneTimeSetUp]
    public async Task FindAsync()
    {
        aws = ClientPrograms.Find("aws");

        // The first version of it presigns by AWS's second signature, which new buckets of AWS do not accept either.
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, ClientProcess.Configuration), "[default]\ns3 =\n  signature_version = s3v4\n");
    }

    [OneTimeTearDown]
    public void Remove() => folder.Delete(recursive: true);

    [Test]
    public async Task S3_FilesGoUpAndDown(CancellationToken cancellationToken)
    {
        var site = Directory.CreateDirectory(Path.Combine(folder.FullName, "site", "sub")).Parent!.FullName;
        await File.WriteAllTextAsync(Path.Combine(site, "sub", "page.html"), "<p>page</p>", cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(site, "large"), new byte[9 << 20], cancellationToken);

        await RunAsync("s3 mb s3://cli-bucket", cancellationToken);
        await RunAsync("s3 sync site s3://cli-bucket/site --delete", cancellationToken);
        await RunAsync("s3 cp s3://cli-bucket/site copy --recursive", cancellationToken);
        var url = await RunAsync("s3 presign s3://cli-bucket/site/sub/page.html --expires-in 60", cancellationToken);
        var listed = await RunAsync("s3 ls s3://cli-bucket --recursive", cancellationToken);
        using var http = new HttpClient();
        var page = await http.GetStringAsync(new Uri(url.Trim()), cancellationToken);
        await RunAsync("s3 rb s3://cli-bucket --force", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(new FileInfo(Path.Combine(folder.FullName, "copy", "large")), Has.Length.EqualTo(9 << 20));
            Assert.That(page, Is.EqualTo("<p>page</p>"));
            Assert.That(listed.TrimEnd(), Does.EndWith(" 11 site/sub/page.html").And.Contain(" site/large\n"));
            Assert.That(((await Cloud.S3().ListBucketsAsync(cancellationToken)).Buckets ?? []).Select(bucket => bucket.BucketName), Does.Not.Contain("cli-bucket"));
        }
    }

    [Test]
    public async Task Ec2_Instance_LivesAndEnds(CancellationToken cancellationToken)
    {
        var launched = await JsonAsync(
            $"ec2 run-instances --image-id resolve:ssm:{ImageParameter} --instance-type t3.micro --tag-specifications ResourceType=instance,Tags=[{{Key=Name,Value=cli}}]", cancellationToken);
        var id = Text(launched, "Instances", 0, "InstanceId");
        await RunAsync($"ec2 wait instance-running --instance-ids {id}", cancellationToken);
        await RunAsync($"ec2 create-tags --resources {id} --tags Key=ChangedByCli,Value=yes", cancellationToken);
        var found = await RunAsync("ec2 describe-instances --filters Name=tag:ChangedByCli,Values=y* --query Reservations[].Instances[].[InstanceId,State.Name] --output text", cancellationToken);
        await JsonAsync($"ec2 terminate-instances --instance-ids {id}", cancellationToken);
        var refused = await TryAsync("ec2 terminate-instances --instance-ids i-00000000", cancellationToken);
        await RunAsync($"ec2 wait instance-terminated --instance-ids {id}", cancellationToken);

        var left = (await Cloud.Ec2().DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [id] }, cancellationToken)).Reservations[0].Instances[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(found, Is.EqualTo($"{id}\trunning\n"));
            Assert.That(refused.ExitCode, Is.Not.Zero);
            Assert.That(refused.Errors, Does.Contain("(InvalidInstanceID.NotFound) when calling the TerminateInstances operation"));
            Assert.That(left.State.Name, Is.EqualTo(InstanceStateName.Terminated));
        }
    }

    [Test]
    public async Task Elb_LoadBalancer_LivesAndEnds(CancellationToken cancellationToken)
    {
        var port = SharedCloud.FreePort();
        await JsonAsync($"elb create-load-balancer --load-balancer-name cli-lb --listeners Protocol=HTTP,LoadBalancerPort={port},InstancePort=8000 --availability-zones us-east-1a", cancellationToken);
        await JsonAsync("elb configure-health-check --load-balancer-name cli-lb --health-check Target=HTTP:8000/up,Interval=10,Timeout=5,UnhealthyThreshold=2,HealthyThreshold=3", cancellationToken);
        var described = await JsonAsync("elb describe-load-balancers --load-balancer-names cli-lb", cancellationToken);
        await RunAsync("elb delete-load-balancer --load-balancer-name cli-lb", cancellationToken);

        var left = (await Cloud.LoadBalancing().DescribeLoadBalancersAsync(new DescribeLoadBalancersRequest(), cancellationToken)).LoadBalancerDescriptions ?? [];
        Assert.That(Text(described, "LoadBalancerDescriptions", 0, "HealthCheck", "Target"), Is.EqualTo("HTTP:8000/up"));
        Assert.That(left.Select(balancer => balancer.LoadBalancerName), Does.Not.Contain("cli-lb"));
    }

    [Test]
    public async Task Rds_DatabaseAndCache_LiveAndEnd(CancellationToken cancellationToken)
    {
        await JsonAsync("rds create-db-instance --db-instance-identifier cli-db --engine mysql --db-instance-class db.t4g.micro --allocated-storage 20 "
            + "--master-username admin --master-user-password a-password-of-cli", cancellationToken);
        await JsonAsync("elasticache create-cache-cluster --cache-cluster-id cli-cache --engine memcached --cache-node-type cache.t4g.micro --num-cache-nodes 1", cancellationToken);
        await RunAsync("elasticache wait cache-cluster-available --cache-cluster-id cli-cache", cancellationToken);
        var cluster = await JsonAsync("elasticache delete-cache-cluster --cache-cluster-id cli-cache", cancellationToken);
        await RunAsync("rds wait db-instance-available --db-instance-identifier cli-db", cancellationToken);
        var changed = await JsonAsync("rds modify-db-instance --db-instance-identifier cli-db --backup-retention-period 5 --apply-immediately", cancellationToken);
        await JsonAsync("rds delete-db-instance --db-instance-identifier cli-db --skip-final-snapshot", cancellationToken);

        var left = (await Cloud.Rds().DescribeDBInstancesAsync(new DescribeDBInstancesRequest(), cancellationToken)).DBInstances ?? [];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Text(cluster, "CacheCluster", "ConfigurationEndpoint", "Port"), Is.EqualTo("11211"));
            Assert.That(Text(cluster, "CacheCluster", "CacheClusterStatus"), Is.EqualTo("deleting"));
            Assert.That(Text(changed, "DBInstance", "BackupRetentionPeriod"), Is.EqualTo("5"));
            Assert.That(left.Where(one => one.DBInstanceIdentifier == "cli-db").Select(one => one.DBInstanceStatus), Is.All.EqualTo("deleting"));
        }
    }

    [Test]
    public async Task Iam_ParametersAndRoles_LiveAndEnd(CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "trust.json"),
            """{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}}""", cancellationToken);

        var caller = await JsonAsync("sts get-caller-identity", cancellationToken);
        await JsonAsync("ssm put-parameter --name /cli/secret --value one --type SecureString", cancellationToken);
        var value = await RunAsync("ssm get-parameter --name /cli/secret --with-decryption --query Parameter.Value --output text", cancellationToken);
        var role = await JsonAsync("iam create-role --role-name cli-role --assume-role-policy-document file://trust.json", cancellationToken);
        await RunAsync("iam delete-role --role-name cli-role", cancellationToken);
        await RunAsync("ssm delete-parameter --name /cli/secret", cancellationToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Text(caller, "Account"), Is.EqualTo("000000000000"));
            Assert.That(value, Is.EqualTo("one\n"));
            Assert.That(Text(role, "Role", "AssumeRolePolicyDocument", "Statement", "Principal", "Service"), Is.EqualTo("ec2.amazonaws.com"));
            Assert.That((await Cloud.Ssm().GetParametersByPathAsync(new() { Path = "/cli" }, cancellationToken)).Parameters ?? [], Is.Empty);
            Assert.That(((await Cloud.Iam().ListRolesAsync(new ListRolesRequest(), cancellationToken)).Roles ?? []).Select(one => one.RoleName), Does.Not.Contain("cli-role"));
        }
    }

    private async Task<JsonNode> JsonAsync(string command, CancellationToken cancellationToken) =>
        await RunAsync(command + " --output json", cancellationToken) is { Length: > 0 } output ? JsonNode.Parse(output)! : new JsonObject();

    private async Task<string> RunAsync(string command, CancellationToken cancellationToken)
    {
        var run = await TryAsync(command, cancellationToken);
        Assert.That(run.ExitCode, Is.Zero, $"aws {command}: {run}");
        return run.Output;
    }

    private Task<ClientRun> TryAsync(string command, CancellationToken cancellationToken) =>
        ClientProcess.RunAsync(aws, ["--endpoint-url", SharedCloud.Endpoint, .. command.Split(' ')], folder.FullName, new Dictionary<string, string>(), cancellationToken);

    // A path of names and positions.
    private static string Text(JsonNode node, params object[] path) =>
        path.Aggregate(node, (current, step) => step is int index ? current[index]! : current[(string)step]!).ToString();
}
