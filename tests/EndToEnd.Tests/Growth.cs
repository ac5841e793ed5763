using System.Net;
using System.Text.Json.Nodes;
using Amazon.ElastiCache;
using Amazon.ElastiCache.Model;
using Amazon.RDS;
using Amazon.RDS.Model;
using SyncStorage.SyncClient;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>
/// A cluster that serves gets a dbnode and a cache node, and loses both again: under load of Sync clients, and by settings alone. Nobody's data is
/// given up for it, and no webhead is replaced.
/// </summary>
internal sealed class Growth(Cluster cluster, IReadOnlyList<string> hostnames) : IDisposable
{
    private const string NewHost = "sync4.localhost";
    private const long NewUser = 77;
    private const int FirstWithTabs = 300;
    private const int UsersWithTabs = 100;
    private const double LargestShare = 1.3;
    private static readonly string[] Approved = ["--approve=sync2"];

    private readonly AmazonRDSClient rds = new(cluster.Connection().Credentials, cluster.Configured(new AmazonRDSConfig()));
    private readonly AmazonElastiCacheClient cache = new(cluster.Connection().Credentials, cluster.Configured(new AmazonElastiCacheConfig()));
    private readonly CloudView cloud = new(cluster);
    private readonly Signers signers = new(cluster);
    private readonly Dictionary<string, TokenSecret> secrets = [];

    /// <summary>Grows and shrinks.</summary>
    public async Task RunAsync()
    {
        var before = await cloud.WebheadsAsync();
        await using var traffic = await Traffic.StartAsync(cluster, hostnames, clientsPerHost: 1);
        await LeavesOneBehindAsync(before[1].Id);
        await GrowsAsync();
        using var user = await UserAsync(NewHost, NewUser);
        var written = await user.PutAsync("/storage/bookmarks/first", """{"payload":"x"}""", CancellationToken.None);
        await RefusesToLoseUsersAsync();
        await user.DeleteAsync("", CancellationToken.None);
        await ShrinksAsync();
        await traffic.StopAndVerifyAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(written.Status, Is.EqualTo(HttpStatusCode.OK), "the new virtual hostname takes users");
            Assert.That(traffic.Failures, Is.Empty, $"of {traffic.Requests} requests");
            Assert.That(await cloud.WebheadsAsync(), Is.EquivalentTo(before), "no webhead was replaced for any of it");
        }
    }

    public void Dispose()
    {
        rds.Dispose();
        cache.Dispose();
        cloud.Dispose();
        signers.Dispose();
    }

    // It serves on with the configuration that it has; the next run finds that it has come to have the new one.
    private async Task LeavesOneBehindAsync(string webhead)
    {
        string[] change = ["--exclusive", "--set", "webheads.quotaMiB=900", "--set", "waits.commandSeconds=3"];
        using var control = new Control(cluster);
        await control.AddAsync($$"""{"kind": "error", "service": "s3", "instance": "{{webhead}}", "code": "AccessDenied", "status": 403, "count": null}""");

        var behind = await cluster.RunAsync("Publish-Config", change);
        await control.ClearAsync();
        var mended = await cluster.RunAsync("Publish-Config", change);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(behind.ExitCode, Is.EqualTo(1), behind.Output);
            Assert.That(behind.Output, Does.Contain("SSD1505").And.Contain("1 of 3 webheads are in service without configuration 2").And.Contain($"{webhead}: has 1"));
            Assert.That(mended.ExitCode, Is.Zero, mended.Output);
            Assert.That(mended.Output, Does.Contain("3 webheads have configuration 2"));
        }
    }

    private async Task GrowsAsync()
    {
        var statuses = await TabsAsync(user => user.PutAsync("/storage/tabs/one", """{"payload":"older"}""", CancellationToken.None));
        Assert.That(statuses.Select(response => response.Status), Is.All.EqualTo(HttpStatusCode.OK));
        EditSettings(settings =>
        {
            settings["dbnodes"]!.AsArray().Add(Node(assign: true));
            settings["cache"]!["nodes"] = 2;
        });

        var run = await cluster.RunAsync("Deploy");

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        await KnowCacheNodesAsync(2);
        var after = await TabsAsync(user => user.GetAsync("/storage/tabs/one", CancellationToken.None));
        var again = await TabsAsync(user => user.PutAsync("/storage/tabs/one", """{"payload":"newer"}""", CancellationToken.None));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(after.Select(response => response.Status), Is.All.EqualTo(HttpStatusCode.OK).Or.EqualTo(HttpStatusCode.NotFound));
            Assert.That(after.Count(response => response.Status == HttpStatusCode.NotFound) / (UsersWithTabs / 2d), Is.InRange(0.6, LargestShare), "open tabs are in the cache alone: those of who moved are gone");
            Assert.That(again.Select(response => response.Status), Is.All.EqualTo(HttpStatusCode.OK), "and come with the next sync");
        }
    }

    private async Task<IReadOnlyList<SyncResponse>> TabsAsync(Func<SyncStorageClient, Task<SyncResponse>> send)
    {
        var responses = new List<SyncResponse>();
        for (var uid = FirstWithTabs; uid < FirstWithTabs + UsersWithTabs; uid++)
        {
            using var user = await UserAsync(hostnames[0], uid);
            responses.Add(await send(user));
        }

        return responses;
    }

    private async Task RefusesToLoseUsersAsync()
    {
        EditSettings(settings => settings["dbnodes"]!.AsArray().RemoveAt(2));
        var assigned = await cluster.RunAsync("Deploy", Approved);
        EditSettings(settings => settings["dbnodes"]!.AsArray().Add(Node(assign: false)));
        var open = await cluster.RunAsync("Publish-Config", "--exclusive");
        EditSettings(settings => settings["dbnodes"]!.AsArray().RemoveAt(2));
        var used = await cluster.RunAsync("Publish-Config", ["--exclusive", .. Approved]);
        EditSettings(settings => settings["dbnodes"]![1]!["hosts"]!.AsArray().Add(new JsonObject { ["hostname"] = NewHost, ["database"] = "syncstorage9" }));
        var moved = await cluster.RunAsync("Publish-Config", "--exclusive");
        EditSettings(settings => settings["dbnodes"]![1]!["hosts"]!.AsArray().RemoveAt(2));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(assigned.ExitCode, Is.EqualTo(1), assigned.Output);
            Assert.That(assigned.Output, Does.Contain("SSD1506").And.Contain("may still be assigned to sync4.localhost"));
            Assert.That(open.ExitCode, Is.Zero, open.Output);
            Assert.That(used.ExitCode, Is.EqualTo(1), used.Output);
            Assert.That(used.Output, Does.Contain("SSD1506").And.Contain("1 user would lose"));
            Assert.That(moved.ExitCode, Is.EqualTo(1), moved.Output);
            Assert.That(moved.Output, Does.Contain("SSD1507").And.Contain("sync4.localhost from db2/syncstorage0 to db1/syncstorage9"));
        }
    }

    private async Task ShrinksAsync()
    {
        EditSettings(settings => settings["cache"]!["nodes"] = 1);
        var asked = await cluster.RunAsync("Publish-Config", "--exclusive");
        var run = await cluster.RunAsync("Deploy", Approved);

        var databases = (await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances ?? [];
        var snapshots = (await rds.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest())).DBSnapshots ?? [];
        var nodes = (await cache.DescribeCacheClustersAsync(new DescribeCacheClustersRequest())).CacheClusters.Single().NumCacheNodes;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(asked.ExitCode, Is.EqualTo(2), asked.Output);
            Assert.That(asked.Output, Does.Contain("SSD1005").And.Contain("--approve=sync2"));
            Assert.That(run.ExitCode, Is.Zero, run.Output);
            Assert.That(databases.Select(database => database.DBInstanceIdentifier), Is.EquivalentTo(["sync2-db0", "sync2-db1"]));
            Assert.That(snapshots.Select(snapshot => snapshot.DBSnapshotIdentifier), Has.One.StartsWith("sync2-db2-final-"));
            Assert.That(nodes, Is.EqualTo(1));
        }

        await KnowCacheNodesAsync(1);
        var back = await TabsAsync(user => user.GetAsync("/storage/tabs/one", CancellationToken.None));
        Assert.That(back.Where(response => response.Status != HttpStatusCode.NotFound).Select(response => response.Body), Is.All.Contain("newer"), "nobody's tabs are older than what was acknowledged");
    }

    private static JsonObject Node(bool assign)
    {
        var node = new JsonObject { ["name"] = "db2", ["hosts"] = new JsonArray(new JsonObject { ["hostname"] = NewHost, ["database"] = "syncstorage0" }) };
        if (!assign) node["assign"] = false;
        return node;
    }

    private void EditSettings(Action<JsonNode> edit)
    {
        var settings = JsonNode.Parse(File.ReadAllText(cluster.SettingsFile))!;
        edit(settings);
        File.WriteAllText(cluster.SettingsFile, settings.ToJsonString());
    }

    // Each webhead asks the configuration endpoint every ten seconds or so.
    private async Task KnowCacheNodesAsync(int nodes)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        foreach (var webhead in await cloud.WebheadsAsync())
        {
            var uri = new Uri($"http://{webhead.Address}:8000/__heartbeat__");
            var known = 0;
            for (var looks = 0; known != nodes && looks < 200; looks++)
            {
                known = (int?)JsonNode.Parse(await http.GetStringAsync(uri))!["cache"]!["nodes"] ?? 0;
                if (known != nodes) await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }

            Assert.That(known, Is.EqualTo(nodes), $"{webhead.Id} follows the cache's nodes");
        }
    }

    private async Task<SyncStorageClient> UserAsync(string hostname, long uid)
    {
        if (!secrets.TryGetValue(hostname, out var secret)) secrets[hostname] = secret = (await signers.ReadAsync([hostname]))[hostname].Secret;
        return new SyncStorageClient(new SyncStorageClientOptions { Origin = cluster.OriginOf(hostname), Secret = secret, Uid = uid }, TimeProvider.System);
    }
}
