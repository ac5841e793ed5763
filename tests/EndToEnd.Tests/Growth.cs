using System.Net;
using System.Text.Json.Nodes;
using Amazon.ElastiCache;
using Amazon.ElastiCache.Model;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.SyncClient;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>
/// A cluster that serves gets a dbnode and a cache node, and loses both again: under load of Sync clients, and by settings alone. Nobody's data is
/// given up for it.
/// </summary>
internal sealed class Growth(Cluster cluster, IReadOnlyList<string> hostnames, params string[] more) : IDisposable
{
    private const string NewHost = "sync4.localhost";
    private const long NewUser = 77;
    private const int FirstWithTabs = 300;
    private const int UsersWithTabs = 200;
    private const double LargestShare = 1.3;

    private readonly Dictionary<string, string> secrets = [];
    private readonly AmazonRDSClient rds = new(cluster.Connection().Credentials, cluster.Configured(new AmazonRDSConfig()));
    private readonly AmazonElastiCacheClient cache = new(cluster.Connection().Credentials, cluster.Configured(new AmazonElastiCacheConfig()));
    private readonly AmazonSimpleSystemsManagementClient ssm = new(cluster.Connection().Credentials, cluster.Configured(new AmazonSimpleSystemsManagementConfig()));

    /// <summary>Grows and shrinks.</summary>
    public async Task RunAsync()
    {
        var before = Ids();
        await using var traffic = await Traffic.StartAsync(cluster, hostnames, clientsPerHost: 1);
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
            Assert.That(Ids(), Is.EqualTo(before), "no webhead was replaced for any of it");
        }
    }

    public void Dispose()
    {
        rds.Dispose();
        cache.Dispose();
        ssm.Dispose();
    }

    private async Task GrowsAsync()
    {
        var statuses = await TabsAsync(user => user.PutAsync("/storage/tabs/one", """{"payload":"x"}""", CancellationToken.None));
        Assert.That(statuses, Is.All.EqualTo(HttpStatusCode.OK));
        EditSettings(settings =>
        {
            settings["dbnodes"]!.AsArray().Add(new JsonObject
            {
                ["name"] = "db2",
                ["hosts"] = new JsonArray(new JsonObject { ["hostname"] = NewHost, ["database"] = "syncstorage0" }),
            });
            settings["cache"]!["nodes"] = 2;
        });

        var run = await cluster.RunAsync("Deploy", more);

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        await KnowCacheNodesAsync(2);
        var after = await TabsAsync(user => user.GetAsync("/storage/tabs/one", CancellationToken.None));
        var again = await TabsAsync(user => user.PutAsync("/storage/tabs/one", """{"payload":"y"}""", CancellationToken.None));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(after, Is.All.EqualTo(HttpStatusCode.OK).Or.EqualTo(HttpStatusCode.NotFound));
            Assert.That(after.Count(status => status == HttpStatusCode.NotFound) / (UsersWithTabs / 2d), Is.InRange(0.7, LargestShare), "open tabs are in the cache alone: those of who moved are gone");
            Assert.That(again, Is.All.EqualTo(HttpStatusCode.OK), "and come with the next sync");
        }
    }

    private async Task<IReadOnlyList<HttpStatusCode>> TabsAsync(Func<SyncStorageClient, Task<SyncResponse>> send)
    {
        var statuses = new List<HttpStatusCode>();
        for (var uid = FirstWithTabs; uid < FirstWithTabs + UsersWithTabs; uid++)
        {
            using var user = await UserAsync(hostnames[0], uid);
            statuses.Add((await send(user)).Status);
        }

        return statuses;
    }

    private async Task RefusesToLoseUsersAsync()
    {
        EditSettings(settings => settings["dbnodes"]!.AsArray().RemoveAt(2));
        var assigned = await cluster.RunAsync("Deploy", [.. more, "--approve=sync2"]);
        EditSettings(settings => settings["dbnodes"]!.AsArray().Add(Node(assign: false)));
        var open = await cluster.RunAsync("Publish-Config", [.. more, "--exclusive"]);
        EditSettings(settings => settings["dbnodes"]!.AsArray().RemoveAt(2));
        var used = await cluster.RunAsync("Deploy", [.. more, "--approve=sync2"]);
        EditSettings(settings => settings["dbnodes"]![1]!["hosts"]!.AsArray().Add(new JsonObject { ["hostname"] = NewHost, ["database"] = "syncstorage9" }));
        var moved = await cluster.RunAsync("Deploy", more);
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
        var asked = await cluster.RunAsync("Deploy", more);
        var run = await cluster.RunAsync("Deploy", [.. more, "--approve=sync2"]);

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
    }

    private static JsonObject Node(bool assign) => new()
    {
        ["name"] = "db2",
        ["hosts"] = new JsonArray(new JsonObject { ["hostname"] = NewHost, ["database"] = "syncstorage0" }),
        ["assign"] = assign,
    };

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
        foreach (var webhead in cluster.LastReport["webheads"]!.AsArray())
        {
            var uri = new Uri($"http://{webhead!["address"]}:8000/__heartbeat__");
            var known = 0;
            for (var looks = 0; known != nodes && looks < 200; looks++)
            {
                known = (int?)JsonNode.Parse(await http.GetStringAsync(uri))!["cache"]!["nodes"] ?? 0;
                if (known != nodes) await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }

            Assert.That(known, Is.EqualTo(nodes), $"{webhead["id"]} follows the cache's nodes");
        }
    }

    private async Task<SyncStorageClient> UserAsync(string hostname, long uid)
    {
        if (!secrets.TryGetValue(hostname, out var secret))
            secrets[hostname] = secret = (await ssm.GetParameterAsync(new GetParameterRequest { Name = $"/sync2/secrets/{hostname}", WithDecryption = true })).Parameter.Value;
        return new SyncStorageClient(
            new SyncStorageClientOptions { Origin = new Uri($"http://{hostname}:{cluster.LoadBalancerPort}"), Secret = NodeSecrets.ParseList(secret)[0], Uid = uid },
            TimeProvider.System);
    }

    private List<string> Ids() => [.. cluster.LastReport["webheads"]!.AsArray().Select(webhead => (string)webhead!["id"]!)];
}
