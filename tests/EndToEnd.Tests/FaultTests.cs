using System.Net;
using System.Text.Json.Nodes;
using Amazon.RDS;
using Amazon.RDS.Model;
using SyncStorage.SyncClient;
using SyncStorage.TestSupport;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>Deployments that fail, on a cluster that serves: each says why, leaves nothing temporary, and the cluster goes on serving.</summary>
[Category(Categories.EndToEnd)]
public sealed class FaultTests
{
    private const string Crash = "echo broken on purpose >&2; exit 1";
    private const string Unconfigured = "export SYNCSTORAGE_BUCKET=no-such-bucket";
    private const string SentOn = "await (protocol is not null";
    private const string HalfOfTheForwarded = """http.Request.Headers.ContainsKey("X-Forwarded-For") && target.StartsWith(prefix, StringComparison.Ordinal) && Random.Shared.Next(2) == 0""";
    private const string NotCSharp = "int number = \"none\";";

    private static readonly string[] ShortGate = ["--set", "rollout.gateTimeoutSeconds=5"];
    private static readonly string[] AnotherType = ["--set", "webheads.instanceType=t3.medium"];
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(7);

    [Test]
    public async Task Deploy_FaultAtEachStage_SaysWhyLeavesNothingAndTheClusterServesOn()
    {
        using var releases = new BrokenReleases();
        using var checkout = Checkouts.New();
        await using var cluster = new Cluster { Log = TestContext.Out, Own = Checkouts.New() };
        var first = await cluster.RunAsync("Deploy");
        Assert.That(first.ExitCode, Is.Zero, first.Output);
        using var cloud = new CloudView(cluster);
        var served = await cloud.InstancesAsync("webhead");
        await using var traffic = await Traffic.StartAsync(cluster, ["sync0.localhost", "sync1.localhost", "sync2.localhost", "sync3.localhost"], clientsPerHost: 1);
        cluster.Checkout = checkout.Root;

        await DoesNotCompileAsync(cluster, checkout);
        await NeedsANewerSchemaAsync(cluster, checkout, releases, cloud);
        await CrashesAtBootAsync(cluster, checkout, releases, cloud);
        await HasADamagedBundleAsync(cluster, checkout, releases, cloud);
        await AnswersNoHeartbeatAsync(cluster, cloud);
        await IsTooOldToComeBackAsync(cluster, checkout, cloud);
        Assert.That(await cloud.InstancesAsync("webhead"), Is.EquivalentTo(served), "the same webheads serve as before");
        cluster.Checkout = cluster.Own!.Root;
        await IsInterruptedAsync(cluster, cloud);
        await traffic.StopAndVerifyAsync();

        Assert.That(traffic.Failures, Is.Empty, $"of {traffic.Requests} requests");
        await LosesADatabaseAsync(cluster, cloud);
        await RingsAnAlarmAsync(cluster, checkout, cloud);
        cluster.Checkout = cluster.Own!.Root;
        await FillsADatabaseAsync(cluster);
    }

    private static async Task DoesNotCompileAsync(Cluster cluster, CheckoutCopy checkout)
    {
        checkout.Insert(NotCSharp);

        var run = await cluster.RunAsync("Deploy");

        Failed(run, cluster, 1, "PublishFailed", "CS0029");
        Assert.That((int)cluster.LastReport["apiCalls"]!["mutating"]!, Is.Zero, "a compile error touches nothing outside");
        checkout.Restore();
    }

    private static async Task NeedsANewerSchemaAsync(Cluster cluster, CheckoutCopy checkout, BrokenReleases releases, CloudView cloud)
    {
        await releases.UseAsync(checkout, minSchema: 8, maxSchema: 9);

        var run = await cluster.RunAsync("Deploy");

        Failed(run, cluster, 1, "IncompatibleRelease", "it works with database schema 8 to 9, and the databases have 1");
        Assert.That(run.Output, Does.Contain("Go by a release in between"));
        Assert.That(await cloud.KeysAsync($"bundles/{checkout.OfBundle("digest")}"), Is.Empty, "nothing has been changed");
    }

    private static async Task IsTooOldToComeBackAsync(Cluster cluster, CheckoutCopy checkout, CloudView cloud)
    {
        var release = checkout.OfBundle("release");
        await cloud.TagImageAsync(release, "Schema", "0-0");

        var run = await cluster.RunAsync("Rollback", $"--to={release}");

        Failed(run, cluster, 1, "IncompatibleRelease", "too old for what is there");
    }

    private static async Task CrashesAtBootAsync(Cluster cluster, CheckoutCopy checkout, BrokenReleases releases, CloudView cloud)
    {
        await releases.UseAsync(checkout, Crash);

        var run = await cluster.RunAsync("Deploy", ShortGate);

        Failed(run, cluster, 1, "BootTestFailed", "broken on purpose");
        Assert.That(await cloud.TemporaryAsync(), Is.Empty, "a crash at boot");
        Assert.That(await cloud.UnverifiedImagesAsync(), Is.Empty);
    }

    private static async Task HasADamagedBundleAsync(Cluster cluster, CheckoutCopy checkout, BrokenReleases releases, CloudView cloud)
    {
        await releases.UseAsync(checkout, Unconfigured);
        var key = $"bundles/{checkout.OfBundle("digest")}.tar.gz";
        await using (var archive = new FileStream(Path.Combine(checkout.Root, "artifacts", "webhead", "bundle.tar.gz"), FileMode.Open, FileAccess.Read))
            await cloud.PutAsync(key, new Damaged(archive, at: archive.Length / 2));

        var run = await cluster.RunAsync("Deploy");

        Failed(run, cluster, 1, "BakeFailed", "unpack");
        Assert.That(await cloud.TemporaryAsync(), Is.Empty, "a damaged bundle");
        Assert.That(await cloud.KeysAsync("bundles/"), Has.None.EqualTo(key), "the next run uploads it anew");
    }

    private static async Task AnswersNoHeartbeatAsync(Cluster cluster, CloudView cloud)
    {
        var run = await cluster.RunAsync("Deploy", ShortGate);

        Failed(run, cluster, 4, "RolledBack", "503 (unconfigured)");
        Assert.That(await cloud.TemporaryAsync(), Is.Empty, "a rollback");
        Assert.That(cluster.LastReport["webheads"]!.AsArray().Select(webhead => (bool)webhead!["serving"]!), Is.EqualTo([true, true, true]));
    }

    // SIGTERM, since SIGINT is ignored by whatever a script has started in the background, tests included.
    private static async Task IsInterruptedAsync(Cluster cluster, CloudView cloud)
    {
        await InterruptAsync(cluster, cloud, "batch 1 of 3: ", "--set", "webheads.instanceType=t3.large");
        await InterruptAsync(cluster, cloud, "drained, kept", AnotherType);
        await InterruptAsync(cluster, cloud, "Smoke-Test", AnotherType);

        var run = await cluster.RunAsync("Deploy", AnotherType);

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(await cloud.InstancesAsync("webhead"), Has.Count.EqualTo(3), "the next deployment leaves no orphan");
    }

    private static async Task InterruptAsync(Cluster cluster, CloudView cloud, string at, params string[] arguments)
    {
        var run = await cluster.RunAsync("Deploy", (at, "TERM"), arguments);

        Failed(run, cluster, 130, "Interrupted", "stopping where it is safe");
        Assert.That(run.AfterSignal, Is.LessThan(LongestGoodbye), at);
        Assert.That(await cloud.TemporaryAsync(), Is.Empty, $"a signal at '{at}'");
    }

    private static async Task LosesADatabaseAsync(Cluster cluster, CloudView cloud)
    {
        var served = await cloud.InstancesAsync("webhead");
        var database = cluster.ProcessOf("mariadbd", "db1");
        await using var traffic = await Traffic.StartAsync(cluster, ["sync0.localhost", "sync1.localhost"], clientsPerHost: 1);
        Cluster.Signal(database, "STOP");
        try
        {
            var run = await cluster.RunAsync("Deploy", ShortGate);

            Failed(run, cluster, 4, "RolledBack", "the heartbeat is degraded: db1");
            await traffic.StopAndVerifyAsync();
            Assert.That(traffic.Failures, Is.Empty, $"the other database's hosts are served, {traffic.Requests} requests");
            Assert.That(await cloud.InstancesAsync("webhead"), Is.EquivalentTo(served));
        }
        finally
        {
            Cluster.Signal(database, "CONT");
        }
    }

    // It passes every gate, and answers half of what comes through the load balancer with 500. Only the alarm sees that.
    private static async Task RingsAnAlarmAsync(Cluster cluster, CheckoutCopy checkout, CloudView cloud)
    {
        string[] monitoring =
        [
            "--set", "monitoring.intervalSeconds=1", "--set", "monitoring.logDays=7", "--set", "monitoring.alarms.errorRequests=3", "--set", "rollout.bakeSeconds=30",
        ];
        var served = await cloud.InstancesAsync("webhead");
        var made = await cluster.RunAsync("Ensure-Monitoring", ["--exclusive", .. monitoring]);
        Assert.That(made.ExitCode, Is.Zero, made.Output);
        checkout.Restore();
        checkout.Replace("ServiceHost/Serving/Front.cs", SentOn, $"if ({HalfOfTheForwarded}) http.Response.StatusCode = 500; else {SentOn}");
        cluster.Checkout = checkout.Root;
        await using var traffic = await Traffic.StartAsync(cluster, ["sync0.localhost", "sync1.localhost", "sync2.localhost"], clientsPerHost: 1);

        var run = await cluster.RunAsync("Deploy", [.. AnotherType, .. monitoring]);

        Failed(run, cluster, 4, "RolledBack", "sync2/errors began to ring");
        var logs = await cluster.RunAsync("Logs", monitoring);
        using var http = new HttpClient();
        var figures = await http.GetStringAsync(new Uri(new Uri(cluster.Connection().Endpoint), "/_localcloud/metrics"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Output, Does.Contain("Threshold Crossed:"));
            Assert.That(await cloud.InstancesAsync("webhead"), Is.EquivalentTo(served), "the same webheads serve as before");
            Assert.That(traffic.Failures, Has.Some.Contains(": 500 "), "it was broken for real");
            Assert.That(logs.Output, Does.Contain(" info ").And.Contain(" i-"), "the webheads' own lines, of those that are gone, too");
            foreach (var figure in new[]
            {
                "aws_elb_http_code_backend_5xx_sum", "aws_elb_healthy_host_count", "aws_rds_database_connections{db_instance_identifier=\"sync2-db0\"}", "aws_rds_free_storage_space",
                "aws_elasti_cache_curr_items", "aws_ec2_cpu_utilization{instance_id=\"i-", "sync_storage_sync2_errors_sum{instance_id=\"i-",
            })
                Assert.That(figures, Does.Contain(figure));
        }
    }

    // Whoever is on another dbnode notices nothing; whoever is on this one keeps what was acknowledged, and can write again once it has more storage.
    private static async Task FillsADatabaseAsync(Cluster cluster)
    {
        using var control = new Control(cluster);
        using var rds = new AmazonRDSClient(cluster.Connection().Credentials, cluster.Configured(new AmazonRDSConfig()));
        await using var traffic = await Traffic.StartAsync(cluster, ["sync0.localhost", "sync1.localhost"], clientsPerHost: 1);
        using var signers = new Signers(cluster);
        var secret = (await signers.ReadAsync(["sync2.localhost"]))["sync2.localhost"].Secret;
        using var user = new SyncStorageClient(new SyncStorageClientOptions { Origin = cluster.OriginOf("sync2.localhost"), Secret = secret, Uid = 5 }, TimeProvider.System);
        Task<SyncResponse> PutAsync(int item) => user.PutAsync($"/storage/history/item{item}", $$"""{"payload":"{{item}}"}""", CancellationToken.None);
        var first = await PutAsync(0);
        await control.AddAsync("""{"kind": "storage-full", "service": "rds", "resource": "sync2-db1"}""");
        await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest());

        var kept = 1;
        var refused = await PutAsync(kept);
        while (refused.Status == HttpStatusCode.OK && kept < 100) refused = await PutAsync(++kept);
        var full = await cluster.RunAsync("Deploy", AnotherType);
        Failed(full, cluster, 1, "StorageFull", "Set storageGiB of db1 to more than 100");
        var readable = await user.GetAsync("/storage/history?ids=" + string.Join(',', Enumerable.Range(0, kept).Select(item => $"item{item}")), CancellationToken.None);
        var enlarged = await cluster.RunAsync("Deploy", [.. AnotherType, "--set", "dbnodes[1].storageGiB=200"]);
        var written = await PutAsync(kept);
        await traffic.StopAndVerifyAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.Status, refused.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable)), refused.Body);
            Assert.That(refused.RetryAfterSeconds, Is.Positive);
            Assert.That(JsonNode.Parse(readable.Body)!.AsArray(), Has.Count.EqualTo(kept), "what was acknowledged is there");
            Assert.That(enlarged.ExitCode, Is.Zero, enlarged.Output);
            Assert.That(written.Status, Is.EqualTo(HttpStatusCode.OK), written.Body);
            Assert.That(traffic.Failures, Is.Empty, $"the other database's hosts are served, {traffic.Requests} requests");
        }
    }

    private static void Failed(Run run, Cluster cluster, int exitCode, string code, string because)
    {
        JsonNode report = cluster.LastReport;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.EqualTo(exitCode), run.Output);
            Assert.That(run.Output, Does.Contain(because));
            Assert.That((int)report["exitCode"]!, Is.EqualTo(exitCode));
            Assert.That((string?)report["error"]?["code"], Is.EqualTo(code));
            Assert.That((string?)report["error"]?["hint"], Is.Not.Null.And.Not.Empty);
        }
    }
}
