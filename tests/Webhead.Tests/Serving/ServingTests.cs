using System.Net;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Serving;

/// <summary>What disturbs a cluster: a cluster of its own.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class ServingTests : OwnClusterTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task Heartbeat_DatabaseGone_IsDegradedAndServesTheOther()
    {
        using var here = Cluster.NewUser(host: 2);
        using var there = Cluster.NewUser(host: 0);
        await here.PutAsync("/storage/c/i", "{}", None);

        await Cluster.Databases[1].StopAsync();
        try
        {
            await Cluster.Webhead.UntilAsync("degraded");
            using var http = new HttpClient();
            using var heartbeat = await http.GetAsync(new Uri(Cluster.Webhead.Uri, "/__heartbeat__"));
            var body = System.Text.Json.Nodes.JsonNode.Parse(await heartbeat.Content.ReadAsStringAsync())!;
            var failed = await here.PutAsync("/storage/c/i", "{}", None);
            var served = await there.PutAsync("/storage/c/i", "{}", None);

            using (Assert.EnterMultipleScope())
            {
                Assert.That(heartbeat.StatusCode, Is.EqualTo(HttpStatusCode.OK));
                Assert.That(body["databases"]!["db0"]!["status"]!.GetValue<string>(), Is.EqualTo("ok"));
                Assert.That(body["databases"]!["db1"]!["status"]!.GetValue<string>(), Is.EqualTo("failed"));
                Assert.That(body["databases"]!["db1"]!["error"]!.GetValue<string>(), Is.Not.Empty);
                Assert.That((failed.Status, failed.Body), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "0")));
                Assert.That(failed.RetryAfterSeconds, Is.EqualTo(1800));
                Assert.That(served.Status, Is.EqualTo(HttpStatusCode.OK));
            }
        }
        finally
        {
            await Cluster.Databases[1].RunAsync();
        }

        await Cluster.Webhead.UntilAsync("ok");
        Assert.That((await here.GetAsync("/storage/c/i", None)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Heartbeat_DatabaseHangs_AnswersBeforeAProbeGivesUp()
    {
        await Cluster.Webhead.UntilAsync("ok");
        await Cluster.Databases[1].FreezeAsync();
        try
        {
            await Cluster.Webhead.UntilAsync("degraded");
            var took = new List<TimeSpan>();
            for (var i = 0; i < 3; i++)
            {
                var started = System.Diagnostics.Stopwatch.StartNew();
                Assert.That((await Cluster.Webhead.HeartbeatAsync())!["status"]!.GetValue<string>(), Is.EqualTo("degraded"));
                took.Add(started.Elapsed);
            }

            // The check itself takes 2 s, and so may the shortest probe.
            Assert.That(took.Min(), Is.LessThan(TimeSpan.FromSeconds(1.5)));
        }
        finally
        {
            await Cluster.Databases[1].ThawAsync();
        }

        await Cluster.Webhead.UntilAsync("ok");
    }

    [Test]
    public async Task Heartbeat_CacheHangs_TellsSoInTimeAndUsersAreServed()
    {
        using var user = Cluster.NewUser();
        await Cluster.Webhead.UntilAsync("ok");
        await Cluster.Cache.FreezeAsync();
        try
        {
            await Cluster.Webhead.UntilAsync("degraded");
            var started = System.Diagnostics.Stopwatch.StartNew();
            var heartbeat = (await Cluster.Webhead.HeartbeatAsync())!;
            var took = started.Elapsed;
            var written = await user.PutAsync("/storage/c/i", "{}", None);

            using (Assert.EnterMultipleScope())
            {
                Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(3)));
                Assert.That((string?)heartbeat["cache"]!["status"], Is.EqualTo("failed"));
                Assert.That((string?)heartbeat["databases"]!["db0"]!["status"], Is.EqualTo("ok"));
                Assert.That(written.Status, Is.EqualTo(HttpStatusCode.OK));
            }
        }
        finally
        {
            await Cluster.Cache.ThawAsync();
        }

        await Cluster.Webhead.UntilAsync("ok");
    }

    [Test]
    public async Task Cache_Gone_ServesFromTheDatabase()
    {
        using var user = Cluster.NewUser();
        await user.PutAsync("/storage/c/i", "{}", None);

        await Cluster.Cache.StopAsync();
        try
        {
            await Cluster.Webhead.UntilAsync("degraded");
            var written = await user.PutAsync("/storage/c/j", "{}", None);
            var info = await user.GetAsync("/info/collections", None);

            Assert.That(written.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(info.Body, Is.EqualTo($$"""{"c":{{written.Body}}}"""));
        }
        finally
        {
            await Cluster.Cache.RunAsync();
        }

        await Cluster.Webhead.UntilAsync("ok");
        var later = await user.PutAsync("/storage/c/k", "{}", None);
        Assert.That((await user.GetAsync("/info/collections", None)).Body, Is.EqualTo($$"""{"c":{{later.Body}}}"""));
    }

    [Test]
    public async Task Reload_NewDocumentWhileRequestsRun_DropsNone()
    {
        using var user = Cluster.NewUser();
        using var ended = new CancellationTokenSource();
        var load = Task.Run(async () =>
        {
            var statuses = new List<HttpStatusCode>();
            while (!ended.IsCancellationRequested) statuses.Add((await user.PutAsync("/storage/c/i", "{}", None)).Status);
            return statuses;
        });

        var version = Cluster.Publish(maxPostRecords: 7);
        var (code, answer) = await Cluster.Webhead.AdminAsync("reload");
        await ended.CancelAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero);
            Assert.That(answer["configuration"]!.GetValue<int>(), Is.EqualTo(version));
            Assert.That(await load, Is.Not.Empty.And.All.EqualTo(HttpStatusCode.OK));
            Assert.That((await user.GetAsync("/info/configuration", None)).Body, Does.Contain("\"max_post_records\":7"));
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Check_ConfigurationNotReadYet_HasItRead(bool byTheService)
    {
        var version = Cluster.Publish();

        var answer = byTheService
            ? await Cluster.Webhead.AskAsync($"check?configuration={version}&times=2&interval-ms=10&within-ms=10000")
            : (await Cluster.Webhead.AdminAsync("check", "--configuration", $"{version}", "--times", "2", "--interval-ms", "10", "--within-ms", "10000")).Answer;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer["ok"]!.GetValue<bool>(), Is.True, answer.ToJsonString());
            Assert.That(answer["heartbeat"]!["configuration"]!.GetValue<int>(), Is.EqualTo(version));
        }
    }

    [TestCase("check?release=another", "release is unreleased, expected another")]
    [TestCase("check?configuration=99999", "configuration is ")]
    [TestCase("check?times=0", "--times must be a number from 1 to 100")]
    [TestCase("check?alive", "unknown option --alive")]
    [TestCase("exchange?user=5&write", "--user must be a number from 9000000000")]
    [TestCase("exchange?write", "--user is missing")]
    [TestCase("smoke?host=elsewhere.example.com", "configuration ")]
    public async Task OwnCommand_IsNotAsExpected_AnswersLikeTheProgram(string command, string expected)
    {
        var answer = await Cluster.Webhead.AskAsync(command);

        Assert.That(answer["ok"]!.GetValue<bool>(), Is.False);
        Assert.That(answer["error"]!.GetValue<string>(), Does.StartWith(expected));
    }

    [Test]
    public async Task Reload_BadDocument_KeepsTheLast()
    {
        var version = Cluster.Publish();
        await Cluster.Webhead.AdminAsync("reload");
        Cluster.Aws.Objects["config/666.json"] = """{"format":1,"version":666,"nodes":[{"name":"db0"}]}""";
        Cluster.PointTo(666);

        var (code, answer) = await Cluster.Webhead.AdminAsync("reload");
        Cluster.PointTo(version);

        Assert.That((code, answer["configuration"]!.GetValue<int>()), Is.EqualTo((1, version)));
        Assert.That(answer["error"]!.GetValue<string>(), Does.Contain("config/666.json can't be read"), "whoever waits for it is told why");
        Assert.That(Cluster.Webhead.Process.Output, Does.Contain($"staying with {version}"));
    }

    [Test]
    public async Task Reload_SecretRotated_BothSignUntilTheOldIsGone()
    {
        const string name = "/c/secrets/sync1.localhost";
        using var old = Cluster.NewUser(host: 1);
        using var rotated = Cluster.NewUser(host: 1, secret: "rotated");
        var before = await rotated.GetAsync("/info/collections", None);

        Cluster.Aws.Parameters[name] += ",1900000000:rotated";
        await Cluster.Webhead.AdminAsync("reload");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That((await rotated.GetAsync("/info/collections", None)).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await old.GetAsync("/info/collections", None)).Status, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [TestCase("reload")]
    [TestCase("check")]
    [TestCase("smoke")]
    [TestCase("exchange?user=9000000001&write")]
    public async Task OwnCommand_FromAnotherAddress_IsNotThere(string command)
    {
        using var http = new HttpClient();

        using var response = await http.PostAsync(new Uri(Cluster.Webhead.Uri, $"/__admin__/{command}"), content: null);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Start_NothingPublished_WaitsForIt()
    {
        await using var aws = await FakeAws.StartAsync();
        await using var webhead = new WebheadProcess(aws);
        await webhead.UntilAsync("unconfigured");
        var (alive, _) = await webhead.AdminAsync("check", "--alive");
        var (serving, _) = await webhead.AdminAsync("check", "--serving");

        foreach (var (key, value) in Cluster.Aws.Parameters) aws.Parameters[key] = value;
        foreach (var (key, value) in Cluster.Aws.Objects) aws.Objects[key] = value;

        await webhead.UntilAsync("ok");
        Assert.That((alive, serving), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task Start_AdminRole_IsAliveAndServesNobody()
    {
        await using var webhead = new WebheadProcess(Cluster.Aws, adminOnly: true);
        await webhead.UntilAsync("unconfigured");

        var (alive, _) = await webhead.AdminAsync("check", "--alive");
        using var http = new HttpClient();
        using var storage = await http.GetAsync(new Uri(webhead.Uri, "/1.5/1/info/collections"));

        Assert.That((alive, storage.StatusCode), Is.EqualTo((0, HttpStatusCode.NotFound)));
    }

    [Test]
    public async Task Terminate_RequestInFlight_IsFinishedFirst()
    {
        await using var webhead = new WebheadProcess(Cluster.Aws);
        await webhead.UntilAsync("ok");
        using var user = new SyncStorageClient(new SyncStorageClientOptions
        {
            Origin = new Uri("http://sync0.localhost:8080"),
            ConnectTo = webhead.Uri,
            Secret = new TokenSecret("newer0"),
            Uid = 4711,
        }, TimeProvider.System);
        await user.PutAsync("/storage/c/i", "{}", None);

        // The row's lock keeps the request in flight for as long as the test wants.
        await using var blocker = new MySqlConnector.MySqlConnection(Cluster.Databases[0].ConnectionString(database: "s_0"));
        await blocker.OpenAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using var command = new MySqlConnector.MySqlCommand("SELECT * FROM user_collections WHERE userid = 4711 FOR UPDATE", blocker, transaction);
        await command.ExecuteScalarAsync();
        var slow = user.PutAsync("/storage/c/i", """{"payload":"late"}""", None);
        await Loopback.UntilAsync(async () => 1L.Equals(await Cluster.Databases[0].QueryAsync(
            "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'c' AND info LIKE 'UPDATE user_collections%'")),
            "the request waits for the lock");

        await webhead.Process.TerminateAsync();
        await webhead.UntilAsync("draining");
        await transaction.RollbackAsync();

        var response = await slow;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(await webhead.Process.WaitAsync(), Is.Zero);
            Assert.That(webhead.Process.Output, Does.Contain("Drained in"));
        }
    }

    [Test]
    public async Task Output_AfterAllThis_HasNoSecret()
    {
        var output = Cluster.Webhead.Process.Output;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(output, Does.Not.Contain(TestCluster.AppPassword).And.Not.Contain(MariaDb.MasterPassword));
            Assert.That(output, Does.Not.Contain("newer0").And.Not.Contain("older0"));
        }

        await Task.CompletedTask;
    }
}
