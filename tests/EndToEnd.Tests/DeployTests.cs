using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.ElasticLoadBalancing;
using Amazon.IdentityManagement;
using Amazon.IdentityManagement.Model;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Route53;
using Amazon.Route53.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.SyncClient;
using SyncStorage.TestSupport;
using Filter = Amazon.EC2.Model.Filter;

namespace SyncStorage.EndToEnd.Tests;

[Category(Categories.EndToEnd)]
public sealed class DeployTests
{
    // Off by default: the budgets of calls are those of local.json as it is.
    private static readonly string[] Names = ["--set", "dns.zone=localhost"];

    private static readonly string[] Hostnames = ["sync0.localhost", "sync1.localhost", "sync2.localhost", "sync3.localhost"];

    // Of the first test, judged by the second: recording takes a whole deployment.
    private static readonly RecordedTraffic Recorded = new();

    [OneTimeTearDown]
    public static void RemoveRecording() => Recorded.Dispose();

    [Test]
    [DependsOnTest(nameof(Deploy_FirstThenUnchangedThenUpdateThenDestroy_ServesThroughoutAndLeavesNothing))]
    public Task Deploy_RecordedTraffic_IsValidByTheOfficialModels() =>
        Recorded.IsValidAsync(["deploy"], "rds.CreateDBInstance", "elb.DeregisterInstancesFromLoadBalancer", "iam.UploadServerCertificate", "rds.DeleteDBInstance", "s3.DeleteBucket");

    [Test]
    public async Task Deploy_FirstThenUnchangedThenUpdateThenDestroy_ServesThroughoutAndLeavesNothing()
    {
        await using var cluster = new Cluster { Log = TestContext.Out, Own = Checkouts.New() };
        await cluster.StartRecordingAsync(Recorded.FileName);

        await DeploysAsync(cluster);
        await ChangesNothingAsync(cluster);
        await PlansAndShowsAsync(cluster);
        await ExportsNodesAsync(cluster);
        using (var growth = new Growth(cluster, Hostnames)) await growth.RunAsync();
        await RollsUnderTrafficAsync(cluster);
        var planned = await cluster.RunAsync("Plan", "--set", "webheads.instanceType=t3.medium", "--detailed-exit-code");
        Assert.That(planned.ExitCode, Is.Zero, planned.Output);
        await SwitchesToHttpsAsync(cluster);
        await RotatesItsCertificateAsync(cluster);
        await DestroysAsync(cluster);

        // Its last one ends LocalCloud, as the cluster itself does.
        Assert.That(Workflows.CommandsOf("ci.yml", "deploy").SkipLast(1), Is.Not.Empty.And.SubsetOf(cluster.Done.Select(command => command.Replace($" {string.Join(' ', Names)}", "", StringComparison.Ordinal))), "what the workflow runs has been run");
    }

    private static async Task DeploysAsync(Cluster cluster)
    {
        var run = await cluster.RunAsync("Deploy");

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        var report = cluster.LastReport;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)report["result"], Is.EqualTo("succeeded"));
            Assert.That(report["webheads"]!.AsArray().Select(webhead => ((bool)webhead!["serving"]!, (string?)webhead["heartbeat"])), Is.EqualTo(Enumerable.Repeat((true, "ok"), 3)));
            var calls = report["apiCalls"]!;
            Assert.That((int)calls["reading"]! - (int)calls["polls"]! + (int)calls["mutating"]!, Is.LessThanOrEqualTo(110), calls.ToJsonString());
            Assert.That(run.Output, Does.Contain($":{cluster.LoadBalancerPort}"));
        }

        await IsSealedAsync(cluster);
    }

    /// <summary>All that is at rest is encrypted, instances give their credentials to no forged request, and no database can be reached from outside.</summary>
    private static async Task IsSealedAsync(Cluster cluster)
    {
        var (_, _, credentials) = cluster.Connection();
        using var ec2 = new AmazonEC2Client(credentials, cluster.Configured(new AmazonEC2Config()));
        using var rds = new AmazonRDSClient(credentials, cluster.Configured(new AmazonRDSConfig()));
        var webheads = (await ec2.DescribeInstancesAsync(new DescribeInstancesRequest { Filters = [new Filter("tag:Role", ["webhead"]), new Filter("instance-state-name", ["running"])] }))
            .Reservations.SelectMany(reservation => reservation.Instances).ToList();
        var volumes = (await ec2.DescribeVolumesAsync(new DescribeVolumesRequest())).Volumes;
        var snapshots = (await ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { OwnerIds = ["self"] })).Snapshots;
        var databases = (await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(webheads.Select(webhead => webhead.MetadataOptions.HttpTokens), Is.EqualTo(Enumerable.Repeat(HttpTokensState.Required, 3)));
            Assert.That(volumes.Where(volume => webheads.Exists(webhead => volume.Attachments[0].InstanceId == webhead.InstanceId)).Select(volume => volume.Encrypted), Is.EqualTo(Enumerable.Repeat(true, 3)));
            Assert.That(snapshots.Select(snapshot => snapshot.Encrypted), Is.EqualTo(new[] { true }), "the image's");
            Assert.That(databases.Select(database => (database.StorageEncrypted, database.PubliclyAccessible)), Is.EqualTo(Enumerable.Repeat(((bool?)true, (bool?)false), 2)));
        }
    }

    private static async Task ChangesNothingAsync(Cluster cluster)
    {
        var run = await cluster.RunAsync("Deploy");

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        var calls = cluster.LastReport["apiCalls"]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)calls["mutating"]!, Is.Zero, calls.ToJsonString());
            Assert.That((int)calls["reading"]! - (int)calls["polls"]!, Is.LessThanOrEqualTo(30), calls.ToJsonString());
            Assert.That(cluster.LastReport["stages"]!.AsArray().SelectMany(stage => stage!["changes"]!.AsArray()).Select(change => (string?)change), Is.Empty);
        }
    }

    private static async Task PlansAndShowsAsync(Cluster cluster)
    {
        var same = await cluster.RunAsync("Plan", "--detailed-exit-code");
        var bigger = await cluster.RunAsync("Plan", "--detailed-exit-code", "--set", "webheads.count=4");
        var status = await cluster.RunAsync("Status");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(same.ExitCode, Is.Zero, same.Output);
            Assert.That(bigger.ExitCode, Is.EqualTo(6), bigger.Output);
            Assert.That(status.Output, Does.Contain("InService").And.Contain("sync2-db0").And.Contain("sync2-cache"));
        }
    }

    // A token server elsewhere signs with what is exported: a client with a token of its making is let in.
    private static async Task ExportsNodesAsync(Cluster cluster)
    {
        var run = await cluster.RunAsync("Export-Nodes");

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        var file = Path.Combine(cluster.Checkout, "artifacts", "token-server", "secrets.csv");
        var lines = (await File.ReadAllLinesAsync(file)).ToDictionary(line => line.Split(',', 2)[0], line => line.Split(',', 2)[1]);
        var origin = $"http://sync3.localhost:{cluster.LoadBalancerPort}";
        using var client = new SyncStorageClient(new SyncStorageClientOptions { Origin = new Uri(origin), Uid = SmokeTest.RandomUid(), Secret = NodeSecrets.ParseList(lines[origin])[0] }, TimeProvider.System);
        var response = await client.GetAsync("/info/collections", CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.Status, Is.EqualTo(HttpStatusCode.OK), response.Body);
            Assert.That(lines.Keys, Is.EquivalentTo(Hostnames.Select(name => $"http://{name}:{cluster.LoadBalancerPort}")));
            Assert.That(System.OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), "nobody else may read it");
            Assert.That(run.Output, Does.Not.Contain(lines[origin].Split(':')[1]));
        }
    }

    private static async Task RollsUnderTrafficAsync(Cluster cluster)
    {
        var before = Ids(cluster.LastReport);
        await using var traffic = await Traffic.StartAsync(cluster, Hostnames, clientsPerHost: 1);

        var run = await cluster.RunAsync("Deploy", [.. Names, "--set", "webheads.instanceType=t3.medium"]);
        await traffic.StopAndVerifyAsync();

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Ids(cluster.LastReport).Intersect(before), Is.Empty, "another instance type replaces the whole fleet");
            Assert.That(Ids(cluster.LastReport), Has.Count.EqualTo(3), "the old are gone");
            Assert.That(traffic.Failures, Is.Empty, $"of {traffic.Requests} requests");
            Assert.That(traffic.Requests, Is.GreaterThan(100));
            Assert.That(run.Output, Does.Contain("4 of them found by name"));
        }
    }

    private static async Task SwitchesToHttpsAsync(Cluster cluster)
    {
        string[] type = [.. Names, "--set", "webheads.instanceType=t3.medium"];
        var plainPort = Cluster.FreePort();
        var wrong = await cluster.RunAsync("Ensure-Load-Balancer", [.. type, "--exclusive", "--set", "loadBalancer.https.certificateArn=arn:aws:iam::000000000000:server-certificate/none", "--set", $"loadBalancer.https.plainPort={plainPort}"]);
        using var plain = new HttpClient(Loopback());
        using var stillPlain = await plain.GetAsync(new Uri($"http://sync0.localhost:{cluster.LoadBalancerPort}/__heartbeat__"));

        var run = await cluster.RunAsync("Deploy", [.. type, "--set", $"loadBalancer.https.plainPort={plainPort}", "--set", "loadBalancer.https.toWebheads=true", "--set", "rollout.batchSize=3"]);

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        using var root = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Path.Combine(cluster.StateDirectory, "load-balancer.pem")));
        using var secure = new HttpClient(Loopback(root));
        using var quota = await secure.GetAsync(new Uri($"https://sync0.localhost:{cluster.LoadBalancerPort}/1.5/7/info/quota"));
        using var moved = await plain.GetAsync(new Uri($"http://sync0.localhost:{plainPort}/1.5/7/info/quota?a=%2f"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(wrong.ExitCode, Is.EqualTo(1), wrong.Output);
            Assert.That(wrong.Output, Does.Contain("server-certificate/none").And.Contain("loadBalancer.https.certificateArn"));
            Assert.That(stillPlain.StatusCode, Is.EqualTo(HttpStatusCode.OK), "what served before a refused certificate goes on");
            Assert.That(quota.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(moved.StatusCode, Is.EqualTo(HttpStatusCode.PermanentRedirect));
            Assert.That($"{moved.Headers.Location}", Is.EqualTo($"https://sync0.localhost:{cluster.LoadBalancerPort}/1.5/7/info/quota?a=%2f"));
            Assert.That(run.Output, Does.Contain("answer through https://"));
            Assert.That(await SpokenToWebheadsAsync(cluster), Is.EqualTo("HTTPS HTTPS, probes HTTPS:8000/__heartbeat__"));
        }

        await RefusesPlainHttpAsync(cluster, plainPort, secure);
    }

    private static async Task RefusesPlainHttpAsync(Cluster cluster, int plainPort, HttpClient secure)
    {
        string[] refusing = ["--exclusive", "--set", "loadBalancer.https.plainHttp=refuse", "--set", $"loadBalancer.https.plainPort={plainPort}"];

        var run = await cluster.RunAsync("Ensure-Load-Balancer", refusing);

        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var heartbeat = await secure.GetAsync(new Uri($"https://sync0.localhost:{cluster.LoadBalancerPort}/__heartbeat__"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.Zero, run.Output);
            Assert.That(heartbeat.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(async () => await socket.ConnectAsync(IPAddress.Loopback, plainPort), Throws.InstanceOf<SocketException>(), "nothing listens there any more");
        }
    }

    private static async Task<string> SpokenToWebheadsAsync(Cluster cluster)
    {
        using var elb = new AmazonElasticLoadBalancingClient(cluster.Connection().Credentials, cluster.Configured(new AmazonElasticLoadBalancingConfig()));
        var balancer = (await elb.DescribeLoadBalancersAsync(new Amazon.ElasticLoadBalancing.Model.DescribeLoadBalancersRequest())).LoadBalancerDescriptions.Single();
        return $"{string.Join(' ', balancer.ListenerDescriptions.Select(item => item.Listener.InstanceProtocol))}, probes {balancer.HealthCheck.Target}";
    }

    // A client that trusts the file of before connects until the new one is shown, and one that reads it anew from then on.
    private static async Task RotatesItsCertificateAsync(Cluster cluster)
    {
        var file = Path.Combine(cluster.StateDirectory, "load-balancer.pem");
        using var before = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(file));

        var run = await cluster.RunAsync("Rotate-Certificate", [.. Names, "--set", "webheads.instanceType=t3.medium", "--set", "loadBalancer.https.plainHttp=refuse"]);

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        using var after = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(file));
        using var secure = new HttpClient(Loopback(after));
        using var heartbeat = await secure.GetAsync(new Uri($"https://sync0.localhost:{cluster.LoadBalancerPort}/__heartbeat__"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(after.Thumbprint, Is.Not.EqualTo(before.Thumbprint));
            Assert.That(heartbeat.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    // Names below .localhost are this machine, whatever its resolver says.
    private static SocketsHttpHandler Loopback(X509Certificate2? root = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        if (root is not null)
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck };
        return handler;
    }

    private static async Task DestroysAsync(Cluster cluster)
    {
        var refused = await cluster.RunAsync("Destroy", "--approve=another");
        var run = await cluster.RunAsync("Destroy", [.. Names, "--approve=sync2"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.ExitCode, Is.EqualTo(2), refused.Output);
            Assert.That(run.ExitCode, Is.Zero, run.Output);
        }

        await NothingIsLeftAsync(cluster);
    }

    private static async Task NothingIsLeftAsync(Cluster cluster)
    {
        var (_, _, credentials) = cluster.Connection();
        using var ec2 = new AmazonEC2Client(credentials, cluster.Configured(new AmazonEC2Config()));
        using var s3 = new AmazonS3Client(credentials, cluster.Configured(new AmazonS3Config { ForcePathStyle = true }));
        using var iam = new AmazonIdentityManagementServiceClient(credentials, cluster.Configured(new AmazonIdentityManagementServiceConfig()));
        using var ssm = new AmazonSimpleSystemsManagementClient(credentials, cluster.Configured(new AmazonSimpleSystemsManagementConfig()));
        using var names = new AmazonRoute53Client(credentials, cluster.Configured(new AmazonRoute53Config()));
        var instances = (await ec2.DescribeInstancesAsync(new DescribeInstancesRequest())).Reservations ?? [];
        var groups = (await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest())).SecurityGroups ?? [];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(instances.SelectMany(reservation => reservation.Instances).Select(instance => instance.State.Name), Is.All.EqualTo(InstanceStateName.Terminated));
            Assert.That((await ec2.DescribeImagesAsync(new DescribeImagesRequest { Owners = ["self"] })).Images ?? [], Is.Empty);
            Assert.That((await ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { OwnerIds = ["self"] })).Snapshots ?? [], Is.Empty);
            Assert.That(groups.Select(group => group.GroupName), Has.None.StartsWith("sync2"));
            Assert.That((await names.ListHostedZonesAsync(new ListHostedZonesRequest())).HostedZones ?? [], Is.Empty);
            Assert.That((await iam.ListRolesAsync(new ListRolesRequest())).Roles ?? [], Is.Empty);
            Assert.That((await iam.ListInstanceProfilesAsync(new ListInstanceProfilesRequest())).InstanceProfiles ?? [], Is.Empty);
            Assert.That((await s3.ListBucketsAsync(new ListBucketsRequest())).Buckets ?? [], Is.Empty);
            Assert.That((await ssm.GetParametersByPathAsync(new GetParametersByPathRequest { Path = "/sync2", Recursive = true })).Parameters ?? [], Is.Empty);
            Assert.That(cluster.Processes().Where(line => line.Contains("mariadbd", StringComparison.Ordinal) || line.Contains("memcached", StringComparison.Ordinal) || line.Contains("webhead", StringComparison.Ordinal)), Is.Empty);
        }
    }

    private static List<string> Ids(JsonNode report) => [.. report["webheads"]!.AsArray().Select(webhead => (string)webhead!["id"]!)];
}
