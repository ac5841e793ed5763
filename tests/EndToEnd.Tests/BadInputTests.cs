using System.Net;
using System.Net.Sockets;
using Amazon.S3;
using Amazon.S3.Model;
using SyncStorage.TestSupport;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>What bad input gets: the program says what is wrong, exits with the documented code, and starts nothing.</summary>
[Category(Categories.EndToEnd)]
public sealed class BadInputTests
{
    [TestCase("Deplyo", "There is no target \"Deplyo\". Did you mean Deploy")]
    [TestCase("Plan", "There is no option --enviroment. Did you mean --environment?", "--enviroment=local")]
    [TestCase("Default", "must be 1 to 100, is 0", "--set=webheads.count=0")]
    [TestCase("Plan", "webheads.cuont: unknown key (--set); did you mean \"count\"?", "--set", "webheads.cuont=3")]
    public async Task Run_BadArgument_ExitsWith2AndSaysWhatWasMeant(string target, string expected, params string[] arguments)
    {
        await using var cluster = new Cluster { Log = TestContext.Out, Own = Checkouts.New() };

        var run = await cluster.RunAsync(target, arguments);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.EqualTo(2));
            Assert.That(run.Output, Does.Contain(expected));
            Assert.That(Directory.Exists(cluster.StateDirectory), Is.False, "nothing was started");
        }
    }

    [Test]
    public async Task Deploy_FiveErrorsInSettings_NamesAllOfThem()
    {
        await using var cluster = new Cluster { Log = TestContext.Out, Own = Checkouts.New() };
        await File.WriteAllTextAsync(
            cluster.SettingsFile,
            """
            {
              "cluster": "Sync2", "localCloud": { "port": 99999 }, "network": { "clientCidrs": ["300.0.0.0/8"] },
              "webheads": { "cuont": 3 }, "loadBalancer": { "port": "eighty" }, "dbnodes": [ { "name": "db0", "hosts": [ { "hostname": "a.localhost", "database": "a" } ] } ]
            }
            """);

        var run = await cluster.RunAsync("Deploy");

        Assert.That(run.ExitCode, Is.EqualTo(2), run.Output);
        foreach (var path in new[] { "cluster (", "localCloud.port (", "network.clientCidrs[0] (", "webheads.cuont (", "loadBalancer.port (" })
            Assert.That(run.Output, Does.Contain(path));
    }

    [Test]
    public async Task EnsureBucket_ApiPortIsBusy_NamesThePortAndAnother()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var cluster = new Cluster(apiPort: port) { Log = TestContext.Out, Own = Checkouts.New() };

        var run = await cluster.RunAsync("Ensure-Bucket", "--exclusive");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.EqualTo(1), run.Output);
            Assert.That(run.Output, Does.Contain($"port {port} is busy").IgnoreCase.And.Contain("--set localCloud.port="));
        }
    }

    [Test]
    public async Task EnsureLoadBalancer_PortIsBusy_NamesThePortAndAnother()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var cluster = new Cluster(loadBalancerPort: port) { Log = TestContext.Out, Own = Checkouts.New() };
        var groups = await cluster.RunAsync("Ensure-Security-Groups", "--exclusive");

        var run = await cluster.RunAsync("Ensure-Load-Balancer", "--exclusive");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(groups.ExitCode, Is.Zero, groups.Output);
            Assert.That(run.ExitCode, Is.EqualTo(1), run.Output);
            Assert.That(run.Output, Does.Contain($"port {port} is in use").IgnoreCase.And.Contain("--set loadBalancer.port="));
        }
    }

    [Test]
    public async Task Preflight_ThingsThatStandInTheWay_NamesAllOfThemAndMakesNothing()
    {
        await using var cluster = new Cluster { Log = TestContext.Out, Own = Checkouts.New() };

        var run = await cluster.RunAsync(
            "Preflight", "--exclusive", "--set", "webheads.instanceType=t9.small", "--set", "dbnodes[0].engineVersion=5.7", "--set", "image.baseImage=ami-0123456789abcdef0", "--set", "dbnodes[1].storageGiB=65536",
            "--set", "dbnodes[0].storageGiB=65536");
        var well = await cluster.RunAsync("Preflight", "--exclusive");
        using var s3 = new AmazonS3Client(cluster.Connection().Credentials, cluster.Configured(new AmazonS3Config { ForcePathStyle = true }));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.EqualTo(1), run.Output);
            Assert.That(run.Output, Does.Contain("SSD1108: 4 things stand in the way").And.Contain("t9.small can't be had").And.Contain("MySQL 5.7").And.Contain("ami-0123456789abcdef0").And.Contain("GiB of database storage"));
            Assert.That(run.Output, Does.Contain("nothing has been made or changed"));
            Assert.That((await s3.ListBucketsAsync(new ListBucketsRequest())).Buckets ?? [], Is.Empty);
            Assert.That(well.ExitCode, Is.Zero, well.Output);
        }
    }
}
