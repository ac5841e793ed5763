using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Serving;

/// <summary>Too much for a dbnode, and configurations that change while requests run: a cluster of its own.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class OverloadTests : OwnClusterTests
{
    private const int MostPresent = 64 + 256;
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task Flood_OneDatabaseHangs_IsTurnedAwayAndTheOthersUsersAreServed()
    {
        using var here = Cluster.NewUser(host: 2);
        using var there = Cluster.NewUser(host: 0);
        await here.PutAsync("/storage/c/i", "{}", None);
        await there.PutAsync("/storage/c/i", "{}", None);

        List<Task<SyncResponse>> flood;
        await Cluster.Databases[1].FreezeAsync();
        try
        {
            flood = [.. Enumerable.Range(0, MostPresent + 100).Select(_ => here.GetAsync("/storage/c/i", None))];
            var (turnedAway, served) = (await Task.WhenAny(flood), await there.GetAsync("/storage/c/i", None));
            using var http = new HttpClient();
            using var alive = await http.GetAsync(new Uri(Cluster.Webhead.Uri, "/__lbheartbeat__"));
            var response = await turnedAway;

            using (Assert.EnterMultipleScope())
            {
                Assert.That((response.Status, response.Body), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "0")));
                Assert.That(response.RetryAfterSeconds, Is.InRange(30, 35));
                Assert.That(response.Headers["X-Weave-Backoff"], Is.EqualTo(response.Headers["X-Backoff"]));
                Assert.That(served.Status, Is.EqualTo(HttpStatusCode.OK));
                Assert.That(served.Headers, Does.Not.ContainKey("X-Weave-Backoff"));
                Assert.That(alive.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            }
        }
        finally
        {
            await Cluster.Databases[1].ThawAsync();
        }

        var statuses = (await Task.WhenAll(flood)).Select(response => response.Status).ToList();
        Assert.That(statuses, Is.All.AnyOf(HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable));
        await Cluster.Webhead.UntilAsync("ok");
        Assert.That((await here.GetAsync("/storage/c/i", None)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Reload_NodesCacheSecretsAndLimitsChangeUnderLoad_NoRequestFails()
    {
        await using var otherCache = await Memcached.StartAsync();
        var version = Cluster.Publish();
        var plain = Document(version);
        var users = Enumerable.Range(0, 3).Select(host => Cluster.NewUser(host)).ToList();
        using var ended = new CancellationTokenSource();
        var load = users.Select(user => LoadAsync(user, ended.Token)).ToList();

        for (var round = 0; round < 6; round++)
        {
            var changed = plain.DeepClone().AsObject();
            if (round % 2 == 0)
            {
                changed["cache"] = new JsonObject { ["address"] = otherCache.Address.ToString(), ["port"] = otherCache.Port };
                changed["limits"]!["maxPostRecords"] = 7;

                // The account by another address is another pool of connections for all of the node's hosts.
                changed["nodes"]![0]!["name"] = "renamed";
                Cluster.Aws.Parameters["/c/secrets/sync0.localhost"] += ",1900000000:more";
            }

            changed["version"] = ++version;
            Cluster.Aws.Objects[$"config/{version}.json"] = changed.ToJsonString();
            Cluster.PointTo(version);
            var (code, answer) = await Cluster.Webhead.AdminAsync("reload");
            Assert.That((code, (int?)answer["configuration"]), Is.EqualTo((0, version)));
        }

        await ended.CancelAsync();
        var statuses = (await Task.WhenAll(load)).SelectMany(all => all).ToList();
        users.ForEach(user => user.Dispose());

        Assert.That(statuses, Has.Count.GreaterThan(20).And.All.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Backoff_Told_IsInTheAnswersUntilItIsTakenBack()
    {
        using var user = Cluster.NewUser();
        var version = Cluster.Publish();
        var told = Document(version);
        told["version"] = 1000;
        told["backoff"] = new JsonObject { ["probability"] = 1, ["retryAfterSeconds"] = 600 };
        Cluster.Aws.Objects["config/1000.json"] = told.ToJsonString();
        Cluster.PointTo(1000);
        await Cluster.Webhead.AdminAsync("reload");
        var asked = await user.GetAsync("/info/collections", None);

        told["backoff"]!["unavailableProbability"] = 1;
        told["version"] = 1001;
        Cluster.Aws.Objects["config/1001.json"] = told.ToJsonString();
        Cluster.PointTo(1001);
        await Cluster.Webhead.AdminAsync("reload");
        var turnedAway = await user.GetAsync("/info/collections", None);

        Cluster.PointTo(version);
        await Cluster.Webhead.AdminAsync("reload");
        var later = await user.GetAsync("/info/collections", None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(asked.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(int.Parse(asked.Headers["X-Weave-Backoff"], System.Globalization.CultureInfo.InvariantCulture), Is.InRange(600, 630));
            Assert.That((turnedAway.Status, turnedAway.Body), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "0")));
            Assert.That(turnedAway.RetryAfterSeconds, Is.InRange(600, 630));
            Assert.That((later.Status, later.Headers.ContainsKey("X-Backoff")), Is.EqualTo((HttpStatusCode.OK, false)));
        }
    }

    private JsonObject Document(int version) => JsonNode.Parse(Cluster.Aws.Objects[$"config/{version}.json"])!.AsObject();

    private static async Task<List<HttpStatusCode>> LoadAsync(SyncStorageClient user, CancellationToken ended)
    {
        var statuses = new List<HttpStatusCode>();
        while (!ended.IsCancellationRequested)
        {
            statuses.Add((await user.PutAsync("/storage/c/i", "{}", None)).Status);
            statuses.Add((await user.GetAsync("/storage/c/i", None)).Status);
            statuses.Add((await user.GetAsync("/info/collections", None)).Status);
        }

        return statuses;
    }
}
