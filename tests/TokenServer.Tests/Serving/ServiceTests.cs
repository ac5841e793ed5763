using System.Net;
using System.Security.Cryptography;
using System.Text;
using SyncStorage.SyncClient;
using SyncStorage.TestSupport;
using SyncStorage.TokenServer.Tests.Fixtures;

namespace SyncStorage.TokenServer.Tests.Serving;

/// <summary>The token server as a process, between a real database, real webheads and an accounts server with real keys.</summary>
[TestFixture]
[Category(Categories.Processes)]
internal sealed class ServiceTests
{
    private TokenCluster cluster = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => cluster = await TokenCluster.StartAsync();

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        if (cluster is not null) await cluster.DisposeAsync();
    }

    [Test]
    public async Task Ask_AccessToken_LeadsToAStoredItem()
    {
        var reply = await AskAsync(cluster.Accounts.Token("firefox1", generation: 40));
        using var client = reply.Client(cluster.Webhead.Uri);
        var written = await client.PutAsync("/storage/bookmarks/item", """{"payload":"from an OAuth token"}""", CancellationToken.None);
        var read = await client.GetAsync("/storage/bookmarks/item", CancellationToken.None);
        var payload = reply.Payload($"newer{Index(reply.Node)}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(written.Status, Is.EqualTo(HttpStatusCode.OK), written.Body);
            Assert.That(read.Body, Does.Contain("from an OAuth token"));
            Assert.That(reply.Body["duration"]!.GetValue<int>(), Is.EqualTo(3600));
            Assert.That(reply.Body["hashalg"]!.GetValue<string>(), Is.EqualTo("sha256"));
            Assert.That(reply.Body["node_type"]!.GetValue<string>(), Is.EqualTo("mysql"));
            Assert.That(reply.Body["hashed_fxa_uid"]!.GetValue<string>(), Is.EqualTo(HashOf("metrics", "firefox1")));
            Assert.That(reply.Body.AsObject().Select(pair => pair.Key),
                Is.EqualTo(["id", "key", "uid", "api_endpoint", "duration", "hashed_fxa_uid", "hashalg", "node_type"]));
            Assert.That(reply.Headers["X-Content-Type-Options"], Is.EqualTo("nosniff"));
            Assert.That(long.Parse(reply.Headers["X-Timestamp"], null), Is.EqualTo(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()).Within(5));
            Assert.That(payload.Uid, Is.EqualTo(reply.Uid));
            Assert.That(payload.FxaUid, Is.EqualTo("firefox1"));
            Assert.That(payload.FxaKeyId, Is.EqualTo("0000000000050-qqo"));
            Assert.That(payload.HashedFxaUid, Is.EqualTo(reply.Body["hashed_fxa_uid"]!.GetValue<string>()));
            Assert.That(payload.HashedDeviceId, Is.EqualTo(HashOf("metrics", payload.HashedFxaUid + "none")));
            Assert.That(payload.TokenServerOrigin, Is.EqualTo(TokenCluster.Origin));
            Assert.That(payload.Expires, Is.EqualTo(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 3600).Within(5));
        }
    }

    [TestCase("?duration=120", 120)]
    [TestCase("?duration=3600", 3600)]
    [TestCase("?duration=3601", 3600)]
    [TestCase("?duration=0", 3600)]
    [TestCase("?duration=-5", 3600)]
    [TestCase("?duration=soon", 3600)]
    [TestCase("", 3600)]
    public async Task Ask_Duration_IsGivenUpToTheUsual(string query, int seconds)
    {
        var reply = await AskAsync(cluster.Accounts.Token("duration"), path: "/1.0/sync/1.5" + query);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.Body["duration"]!.GetValue<int>(), Is.EqualTo(seconds));
            Assert.That(reply.Payload($"newer{Index(reply.Node)}").Expires, Is.EqualTo(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds).Within(5));
        }
    }

    [TestCase("/1.0/sync/1.1", "version")]
    [TestCase("/1.0/aitc/1.5", "application")]
    public async Task Ask_OtherService_IsNotFoundByWhoIsKnown(string path, string name)
    {
        var known = await AskAsync(cluster.Accounts.Token("elsewhere"), path: path);
        var unknown = await AskAsync(null, path: path);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(known.Status, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(known.Body["errors"]![0]!["location"]!.GetValue<string>(), Is.EqualTo("url"));
            Assert.That(known.Body["errors"]![0]!["name"]!.GetValue<string>(), Is.EqualTo(name));
            Assert.That(unknown.Status, Is.EqualTo(HttpStatusCode.Unauthorized), "who one is comes first");
        }
    }

    [TestCase("/")]
    [TestCase("/1.0/sync")]
    [TestCase("/1.0/sync/1.5/more")]
    [TestCase("/favicon.ico")]
    public async Task Ask_OtherPath_IsNoToken(string path)
    {
        var reply = await AskAsync(null, path: path);

        Assert.That(reply.Status, Is.EqualTo(path == "/" ? HttpStatusCode.OK : HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Ask_Post_IsNotAllowed()
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(cluster.Server.Uri, "/1.0/sync/1.5"), null);

        Assert.That((int)response.StatusCode, Is.EqualTo(405));
    }

    [Test]
    public async Task Ask_BrokenRules_AreToldInTheirWords()
    {
        await AskAsync(Token(100));
        var replies = new[]
        {
            await AskAsync(Token(99)),
            await AskAsync(Token(100), keysChangedAt: 101),
            await AskAsync(Token(100), keysChangedAt: 49),
            await AskAsync(Token(100), clientState: "bbbb"),
            await AskAsync(Token(100), clientState: ""),
            await AskAsync(null),
            await AskAsync(Token(100), headers: new Dictionary<string, string> { ["X-KeyID"] = "nonsense" }),
            await AskAsync(Token(100), headers: new Dictionary<string, string> { ["X-Client-State"] = "cccc" }),
            await AskAsync(Token(100), headers: new Dictionary<string, string> { ["X-Client-State"] = "!" }),
            await AskAsync(Token(100), headers: new Dictionary<string, string> { ["Authorization"] = "BrowserID x" }),
        };

        Assert.That(replies.Select(reply => ((int)reply.Status, reply.Error)), Is.EqualTo(new (int, string?)[]
        {
            (401, "invalid-generation"), (401, "invalid-keysChangedAt"), (401, "invalid-keysChangedAt"), (401, "invalid-client-state"), (401, "invalid-client-state"),
            (401, "error"), (401, "invalid-credentials"), (401, "invalid-client-state"), (400, "error"), (401, "error"),
        }));

        string Token(long generation) => cluster.Accounts.Token("rules", generation);
    }

    [Test]
    public async Task Ask_NewKeys_GetAnotherNumberOnTheSameNode()
    {
        var first = await AskAsync(cluster.Accounts.Token("changes", 100));
        var second = await AskAsync(cluster.Accounts.Token("changes", 200), keysChangedAt: 200, clientState: "bbbb");
        var third = await AskAsync(cluster.Accounts.Token("changes", 200), keysChangedAt: 200, clientState: "bbbb");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.Uid, Is.Not.EqualTo(first.Uid));
            Assert.That(second.Node, Is.EqualTo(first.Node));
            Assert.That(third.Uid, Is.EqualTo(second.Uid));
            Assert.That(second.Payload($"newer{Index(second.Node)}").FxaKeyId, Is.EqualTo("0000000000200-u7s"));
        }
    }

    [Test]
    public async Task Ask_OpaqueToken_IsVerifiedByTheAccountsServer()
    {
        var good = await AskAsync(cluster.Accounts.OpaqueToken("opaque", generation: 5));
        var otherScope = await AskAsync(cluster.Accounts.OpaqueToken("opaque", scope: "profile"));
        var unknown = await AskAsync("0123456789");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(good.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((otherScope.Status, otherScope.Error), Is.EqualTo((HttpStatusCode.Unauthorized, "invalid-credentials")));
            Assert.That((unknown.Status, unknown.Error), Is.EqualTo((HttpStatusCode.Unauthorized, "invalid-credentials")));
        }
    }

    [Test]
    public async Task Ask_UnknownKey_IsVerifiedByTheAccountsServer()
    {
        var token = cluster.Accounts.Token("next", key: cluster.Accounts.NextKey);
        var before = cluster.Accounts.Verifications;
        var refused = await AskAsync(token);
        cluster.Accounts.Knows(token, "next");
        var good = await AskAsync(token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((refused.Status, refused.Error), Is.EqualTo((HttpStatusCode.Unauthorized, "invalid-credentials")));
            Assert.That(good.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(cluster.Accounts.Verifications - before, Is.EqualTo(2));
        }
    }

    [Test, NonParallelizable]
    public async Task Ask_AccountsServerAway_IsUnavailableForWhatOnlyItKnows([Values] bool hangs)
    {
        await AskAsync(cluster.Accounts.Token("known"));
        (cluster.Accounts.Hangs, cluster.Accounts.Fails) = (hangs, hangs ? null : 502);
        try
        {
            var opaque = await AskAsync("0123456789");
            var signed = await AskAsync(cluster.Accounts.Token("known"));
            var unknownKey = await AskAsync(cluster.Accounts.Token("known", key: cluster.Accounts.NextKey));
            var heartbeat = await cluster.Server.HeartbeatAsync();

            using (Assert.EnterMultipleScope())
            {
                Assert.That(opaque.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
                Assert.That(opaque.Headers, Does.ContainKey("Retry-After"));
                Assert.That(signed.Status, Is.EqualTo(HttpStatusCode.OK), "its keys are known");
                Assert.That(unknownKey.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable), "a key that was never told may be a new one: only the server can say");
                Assert.That(heartbeat!["status"]!.GetValue<string>(), Is.EqualTo("ok"));
            }
        }
        finally
        {
            (cluster.Accounts.Hangs, cluster.Accounts.Fails) = (false, null);
        }
    }

    [Test, NonParallelizable]
    public async Task Ask_NewUsersClosed_OnlyWhoIsKnownComesIn()
    {
        await AskAsync(cluster.Accounts.Token("resident"));
        cluster.Publish(newUsers: false);
        await cluster.Server.DoAsync("reload");
        var known = await AskAsync(cluster.Accounts.Token("resident"));
        var unknown = await AskAsync(cluster.Accounts.Token("newcomer"));
        cluster.Publish();
        await cluster.Server.DoAsync("reload");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(known.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((unknown.Status, unknown.Error), Is.EqualTo((HttpStatusCode.Forbidden, "new-users-disabled")));
        }
    }

    [Test, NonParallelizable]
    public async Task Reload_SignWith_SignsWithWhatItNames()
    {
        cluster.Publish(signWith: "1700000000");
        var answer = await cluster.Server.DoAsync("reload");
        var old = await AskAsync(cluster.Accounts.Token("rotated"));
        var stillOld = old.Payload($"older{Index(old.Node)}");
        var wrong = cluster.Publish(signWith: "1900000000");
        var (refused, why) = await cluster.Server.AdminAsync("reload");
        var kept = (await cluster.Server.HeartbeatAsync())!["configuration"]!.GetValue<int>();
        cluster.Publish();
        await cluster.Server.DoAsync("reload");
        var reply = await AskAsync(cluster.Accounts.Token("rotated"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused, Is.EqualTo(1));
            Assert.That((string?)why["error"], Does.Contain("no secret of 1900000000"));
            Assert.That(kept, Is.EqualTo(answer["configuration"]!.GetValue<int>()).And.LessThan(wrong), "a secret that is not there changes nothing");
            Assert.That(reply.Payload($"newer{Index(reply.Node)}").Uid, Is.EqualTo(stillOld.Uid));
        }
    }

    [Test, NonParallelizable]
    public async Task Reload_AccountsTakeTurns_IsServedAndTheOldOneIsLeft()
    {
        var before = await AskAsync(cluster.Accounts.Token("turning"));
        cluster.Aws.Parameters[TokenCluster.SecondPassword] = "another password";
        string[] second = ["init-db", "--node", "db0", "--address", $"{cluster.Database.Address}", "--port", $"{cluster.Database.Port}", "--app-user", "c_token_b", "--password-parameter"];
        var (refused, why) = await cluster.Server.AdminAsync([.. second, "/c/db/db0/app"]);
        await cluster.Server.DoAsync([.. second, TokenCluster.SecondPassword]);
        cluster.Publish(second: true);
        await cluster.Server.DoAsync("reload");
        var turned = await AskAsync(cluster.Accounts.Token("turning"));
        var locked = await RetireOldAccountAsync();
        await cluster.InitDbAsync();
        cluster.Publish();
        await cluster.Server.DoAsync("reload");
        var back = await AskAsync(cluster.Accounts.Token("turning"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused, Is.Not.Zero);
            Assert.That((string?)why["error"], Does.Contain("must begin with /c/tokenserver/"));
            Assert.That(turned.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((turned.Uid, back.Uid), Is.EqualTo((before.Uid, before.Uid)));
            Assert.That(locked, Is.True, "nobody is connected with it any more");
        }
    }

    [Test, NonParallelizable]
    public async Task InitDb_DatabaseIsOfAnEarlierTime_NumbersGivenSinceAreNotGivenOnceMore()
    {
        var before = await AskAsync(cluster.Accounts.Token("then"));

        var first = await cluster.InitDbAsync("--used-up-to", "0");
        var answer = await cluster.InitDbAsync("--used-up-to", "5000000");

        var after = await AskAsync(cluster.Accounts.Token("since"));
        var again = await AskAsync(cluster.Accounts.Token("then"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((long)first["nextUser"]!, Is.GreaterThan(before.Uid + 1_000_000).And.LessThan(5_000_000));
            Assert.That((after.Uid, (long)answer["nextUser"]!), Is.EqualTo((6_000_001, 6_000_001)));
            Assert.That(again.Uid, Is.EqualTo(before.Uid));
        }
    }

    // As a rotation does: nudged again and again. The database itself takes a moment to see that a connection was closed.
    private async Task<bool> RetireOldAccountAsync()
    {
        string[] retire = ["retire-account", "--node", "db0", "--address", $"{cluster.Database.Address}", "--port", $"{cluster.Database.Port}", "--app-user", "c_token"];
        for (var looks = 0; looks < 50; looks++)
        {
            await cluster.Server.DoAsync("reload");
            if ((await cluster.Server.AdminAsync(retire)).ExitCode == 0) return true;
        }

        return false;
    }

    [Test, NonParallelizable]
    public async Task Ask_DatabaseAway_IsUnavailableUntilItIsBack()
    {
        await AskAsync(cluster.Accounts.Token("patient"));
        await cluster.Database.StopAsync();
        var away = await AskAsync(cluster.Accounts.Token("patient"));
        await cluster.Server.UntilAsync("degraded");
        var told = (await cluster.Server.HeartbeatAsync())!["databases"]!["tokenserver"]!;
        await cluster.Database.RunAsync();
        await cluster.Server.UntilAsync("ok");
        var back = await AskAsync(cluster.Accounts.Token("patient"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(away.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(away.Headers, Does.ContainKey("Retry-After"));
            Assert.That((string?)told["status"], Is.EqualTo("failed"));
            Assert.That((string?)told["error"], Is.Not.Empty, "the heartbeat says which database, and why");
            Assert.That(back.Status, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task Ask_ManyFirstRequestsOfOneUser_GetOneNumber()
    {
        var token = cluster.Accounts.Token("crowd", 7);
        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => AskAsync(token)));
        var rows = await cluster.Database.QueryAsync("SELECT COUNT(*) FROM tokenserver.users WHERE email = 'crowd@api.accounts.firefox.com'");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(replies.Select(reply => reply.Status), Is.All.EqualTo(HttpStatusCode.OK));
            Assert.That(replies.Select(reply => reply.Uid).Distinct(), Has.Exactly(1).Items);
            Assert.That(rows, Is.EqualTo(1));
        }
    }

    [Test, NonParallelizable]
    public async Task Admin_Unassign_UserGetsAnotherNode()
    {
        var first = await AskAsync(cluster.Accounts.Token("mover", 9));
        await cluster.Server.DoAsync("set-node", "--node", first.Node, "--backoff", "1");
        await cluster.Server.DoAsync("unassign", "--node", first.Node);
        var second = await AskAsync(cluster.Accounts.Token("mover", 9));
        await cluster.Server.DoAsync("set-node", "--node", first.Node, "--backoff", "0");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.Node, Is.Not.EqualTo(first.Node));
            Assert.That(second.Uid, Is.Not.EqualTo(first.Uid));
            Assert.That((await cluster.Server.AdminAsync("remove-node", "--node", second.Node)).Answer["error"]!.GetValue<string>(), Does.Contain("users"));
        }
    }

    [Test]
    public async Task Admin_Retire_UserGetsNothing()
    {
        await AskAsync(cluster.Accounts.Token("leaver", 9));
        await cluster.Server.DoAsync("retire", "--user", "leaver");
        var reply = await AskAsync(cluster.Accounts.Token("leaver", 10));
        var (unknown, _) = await cluster.Server.AdminAsync("retire", "--user", "nobody");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((reply.Status, reply.Error), Is.EqualTo((HttpStatusCode.Unauthorized, "invalid-generation")));
            Assert.That(unknown, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Admin_Commands_AnswerAsDocumented()
    {
        var again = await cluster.InitDbAsync();
        var nodes = await cluster.Server.DoAsync("nodes");
        var one = await cluster.Server.DoAsync("nodes", "--node", TokenCluster.Nodes[1]);
        var strangers = await cluster.Server.DoAsync("nodes", "--strangers");
        var (badUrl, noUrl) = await cluster.Server.AdminAsync("smoke", "--connect", "sync0.localhost");
        var whole = await cluster.Server.DoAsync("smoke", "--connect", $"{cluster.Webhead.Uri}");
        var check = await cluster.Server.DoAsync("check");
        var version = await cluster.Server.DoAsync("version");
        var (unknown, refused) = await cluster.Server.AdminAsync("set-node", "--node", "http://elsewhere", "--capacity", "5");
        var smoke = await cluster.Server.DoAsync("smoke", "--no-nodes");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(again["created"]!.AsArray(), Is.Empty);
            Assert.That(nodes["nodes"]!.AsArray().Select(node => node!["node"]!.GetValue<string>()), Is.EquivalentTo(TokenCluster.Nodes));
            Assert.That(one["nodes"]!.AsArray().Select(node => node!["node"]!.GetValue<string>()), Is.EqualTo([TokenCluster.Nodes[1]]));
            Assert.That(strangers["nodes"]!.AsArray(), Is.Empty);
            Assert.That((badUrl, noUrl["error"]!.GetValue<string>()), Is.EqualTo((1, "--connect must be an http or https URL, and is \"sync0.localhost\"")));
            Assert.That(whole["hosts"]!.AsArray(), Has.Count.EqualTo(3), "every node accepts what it signs");
            Assert.That(check["heartbeat"]!["databases"]!["tokenserver"]!["status"]!.GetValue<string>(), Is.EqualTo("ok"));
            Assert.That(check["heartbeat"]!["schema"]!["max"]!.GetValue<int>(), Is.EqualTo(1));
            Assert.That(version["release"]!.GetValue<string>(), Is.EqualTo("unreleased"));
            Assert.That(unknown, Is.EqualTo(1));
            Assert.That(refused["error"]!.GetValue<string>(), Does.Contain("no secret of http://elsewhere"));
            Assert.That(smoke["ok"]!.GetValue<bool>(), Is.True);
        }
    }

    [Test]
    public async Task Metrics_AfterTokens_CountThemAndNameNobody()
    {
        await AskAsync(cluster.Accounts.Token("counted"));
        await AskAsync("0123456789");
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(cluster.Server.Uri, "/__metrics__"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Match("syncstorage_tokens_total [1-9]"));
            Assert.That(text, Does.Contain("route=\"/1.0/{application}/{version}\",status=\"200\""));
            Assert.That(text, Does.Contain("syncstorage_refused_total{reason=\"invalid-credentials\"}"));
            Assert.That(text, Does.Contain("syncstorage_accounts_keys 1"));
            Assert.That(text, Does.Not.Contain("counted"));
            Assert.That(cluster.Server.Process.Output, Does.Not.Contain("newer0").And.Not.Contain("eyJ"), "no secret and no token in the log");
        }
    }

    [Test]
    public async Task Terminate_Serving_EndsWell()
    {
        await using var server = new TokenServerProcess(cluster.Aws);
        await server.UntilAsync("ok");
        await server.Process.TerminateAsync();

        Assert.That(await server.Process.WaitAsync(), Is.Zero);
    }

    [Test]
    public async Task Serve_AdminRole_ServesNobody()
    {
        await using var server = new TokenServerProcess(cluster.Aws, adminOnly: true);
        await server.UntilAsync("unconfigured");
        var alive = await server.DoAsync("check", "--alive");
        var reply = await TokenExchange.AskAsync(new Uri(server.Uri, "/__version__"), null, path: "/__version__");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(alive["ok"]!.GetValue<bool>(), Is.True);
            Assert.That(reply.Body["schema"]!["min"]!.GetValue<int>(), Is.EqualTo(1));
        }
    }

    private static string HashOf(string secret, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)))[..32];

    private static int Index(string node) => TokenCluster.Nodes.ToList().IndexOf(node);

    private Task<TokenReply> AskAsync(string? accessToken, long keysChangedAt = 50, string clientState = "aaaa", string path = "/1.0/sync/1.5",
        IReadOnlyDictionary<string, string>? headers = null) =>
        TokenExchange.AskAsync(cluster.Server.Uri, accessToken, keysChangedAt, clientState, path, headers);
}
