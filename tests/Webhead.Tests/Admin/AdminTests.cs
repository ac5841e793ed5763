using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Admin;

[TestFixture]
internal sealed class AdminTests : ClusterTests
{
    [Test]
    public async Task InitDb_Again_MakesNothing()
    {
        var created = await Cluster.InitDbAsync(0, "s_0", "s_1");

        Assert.That(created, Is.Empty);
    }

    [Test]
    public async Task InitDb_TableMissing_MakesIt()
    {
        await Cluster.Databases[1].QueryAsync("DROP TABLE s_2.batch_uploads");

        var created = await Cluster.InitDbAsync(1, "s_2");

        Assert.That(created, Is.EqualTo((string[])["s_2.batch_uploads"]));
    }

    [Test]
    public async Task InitDb_Account_HasItsDatabasesOnly()
    {
        await Cluster.Databases[0].QueryAsync("CREATE DATABASE IF NOT EXISTS sx0");
        await using var connection = new MySqlConnector.MySqlConnection(Cluster.Databases[0].ConnectionString("c", TestCluster.AppPassword));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SHOW GRANTS";
        await using var reader = await command.ExecuteReaderAsync();
        var grants = new List<string>();
        while (await reader.ReadAsync()) grants.Add(reader.GetString(0));
        await reader.CloseAsync();

        // The name's underscore must not stand for any character.
        command.CommandText = "USE sx0";

        Assert.That(grants, Has.Some.Contains(@"GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON `s\_0`.*"));
        Assert.That(() => command.ExecuteNonQuery(), Throws.TypeOf<MySqlConnector.MySqlException>());
    }

    [Test]
    public async Task RetireAccount_OnceNobodyUsesIt_LocksItUntilItIsMadeAgain()
    {
        var database = Cluster.Databases[0];
        string[] at = ["--node", "db0", "--address", $"{database.Address}", "--port", $"{database.Port}"];
        string[] make = ["init-db", .. at, "--app-user", "c_b", "--password-parameter", "/c/db/db0/b/app", "--database", "s_0"];
        Cluster.Aws.Parameters["/c/db/db0/b/app"] = "turn";
        var (made, _) = await Cluster.Webhead.AdminAsync(make);
        await using var connection = new MySqlConnector.MySqlConnection(database.ConnectionString("c_b", "turn") + ";Pooling=false");
        await connection.OpenAsync();

        var (inUse, why) = await Cluster.Webhead.AdminAsync(["retire-account", .. at, "--app-user", "c_b"]);
        await connection.CloseAsync();
        var (retired, after) = await Cluster.Webhead.AdminAsync(["retire-account", .. at, "--app-user", "c_b"]);
        var locked = await Assert.ThrowsAsync<MySqlConnector.MySqlException>(connection.OpenAsync);
        var (remade, _) = await Cluster.Webhead.AdminAsync(make);
        await connection.OpenAsync();
        var (current, refusal) = await Cluster.Webhead.AdminAsync(["retire-account", .. at, "--app-user", "c"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(made + remade, Is.Zero);
            Assert.That(inUse, Is.EqualTo(1));
            Assert.That(why["connections"]!.GetValue<int>(), Is.EqualTo(1), why.ToJsonString());
            Assert.That(retired, Is.Zero, after.ToJsonString());
            Assert.That(locked!.Number, Is.AnyOf(4151, 3118, 1045), locked.Message);
            Assert.That(current, Is.EqualTo(1));
            Assert.That(refusal["error"]!.GetValue<string>(), Does.Contain("has webheads use c on db0"));
        }
    }

    [TestCase("retire-account", "--node", "db0", "--address", "a", "--app-user", "c'; DROP")]
    [TestCase("init-db", "--node", "db0", "--address", "a", "--app-user", "c", "--database", "s`; DROP")]
    [TestCase("init-db", "--node", "../x", "--address", "a", "--app-user", "c", "--database", "s")]
    [TestCase("init-db", "--node", "db9", "--address", "a", "--app-user", "c", "--database", "s")]
    [TestCase("init-db", "--node", "db0")]
    [TestCase("check", "--configuration", "x")]
    [TestCase("check", "--times", "0")]
    [TestCase("check", "--unknown")]
    [TestCase("smoke", "--host", "elsewhere.example.com")]
    [TestCase("nothing")]
    public async Task Admin_BadArguments_SayWhatIsWrong(params string[] arguments)
    {
        var (code, answer) = await Cluster.Webhead.AdminAsync(arguments);

        Assert.That(code, Is.EqualTo(1));
        Assert.That(answer["ok"]!.GetValue<bool>(), Is.False);
        Assert.That(answer["error"]!.GetValue<string>(), Is.Not.Empty);
    }

    [Test]
    public async Task Check_Serving_IsOkForWhatItIs()
    {
        var heartbeat = await Cluster.Webhead.HeartbeatAsync();
        var version = heartbeat!["configuration"]!.GetValue<int>();

        var (code, answer) = await Cluster.Webhead.AdminAsync("check", "--release", "unreleased", "--configuration", $"{version}");
        var (several, _) = await Cluster.Webhead.AdminAsync("check", "--times", "3", "--interval-ms", "10");
        var (neverWell, never) = await Cluster.Webhead.AdminAsync("check", "--configuration", "99", "--times", "2", "--within-ms", "300");
        var (wrongRelease, _) = await Cluster.Webhead.AdminAsync("check", "--release", "another");
        var (wrongVersion, wrong) = await Cluster.Webhead.AdminAsync("check", "--configuration", "99");
        var (alive, _) = await Cluster.Webhead.AdminAsync("check", "--alive", "--release", "unreleased");
        var (serving, _) = await Cluster.Webhead.AdminAsync("check", "--serving");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero);
            Assert.That(answer["heartbeat"]!["databases"]!.ToJsonString(), Is.EqualTo("""{"db0":{"status":"ok"},"db1":{"status":"ok"}}"""));
            Assert.That(several, Is.Zero);
            Assert.That((neverWell, never["error"]!.GetValue<string>()), Is.EqualTo((1, $"configuration is {version}, expected 99")));
            Assert.That(wrongRelease, Is.EqualTo(1));
            Assert.That(wrongVersion, Is.EqualTo(1));
            Assert.That(wrong["error"]!.GetValue<string>(), Is.EqualTo($"configuration is {version}, expected 99"));
            Assert.That(alive, Is.Zero);
            Assert.That(serving, Is.Zero);
        }
    }

    [Test]
    public async Task Smoke_EveryHost_PassesAndLeavesNothing()
    {
        var (code, answer) = await Cluster.Webhead.AdminAsync("smoke");

        var left = await Cluster.Databases[0].QueryAsync("SELECT COUNT(*) FROM s_0.user_collections WHERE userid >= 9000000000");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, answer.ToJsonString());
            Assert.That(answer["hosts"]!.AsArray(), Has.Count.EqualTo(3));
            Assert.That(left, Is.EqualTo(0));
        }
    }

    [Test]
    public async Task SmokeLocate_Item_IsInItsDatabaseAlone()
    {
        using var user = Cluster.NewUser(host: 1);
        await user.PutAsync("/storage/c/here", "{}", CancellationToken.None);

        var (_, answer) = await Cluster.Webhead.AdminAsync(
            "smoke-locate", "--host", "sync1.localhost", "--user", $"{user.Uid}", "--collection", "c", "--item", "here");

        Assert.That(answer["found"]!.ToJsonString(), Is.EqualTo("""[{"node":"db0","database":"s_1"}]"""));
    }

    [Test]
    public async Task Usage_Node_CountsUsersAndLeavesTestsOwnOut()
    {
        using var user = Cluster.NewUser(host: 1);
        await user.PutAsync("/storage/bookmarks/one", """{"payload":"x"}""", CancellationToken.None);
        await Cluster.Databases[0].QueryAsync("INSERT INTO s_1.user_collections (userid, collection, last_modified) VALUES (9000000001, 1, 1)");
        var address = Cluster.Databases[0];

        var (code, answer) = await Cluster.Webhead.AdminAsync([.. Account(address), "--database", "s_1"]);
        var (_, all) = await Cluster.Webhead.AdminAsync(Account(address));
        await user.DeleteAsync("", CancellationToken.None);
        var (_, empty) = await Cluster.Webhead.AdminAsync([.. Account(address), "--database", "s_1"]);
        await Cluster.Databases[0].QueryAsync("DELETE FROM s_1.user_collections WHERE userid = 9000000001");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, answer.ToJsonString());
            Assert.That(answer["users"]!.GetValue<long>() - empty["users"]!.GetValue<long>(), Is.EqualTo(1));
            Assert.That(answer["bytes"]!.GetValue<long>(), Is.GreaterThan(10_000));
            Assert.That(answer["statements"]!.GetValue<long>(), Is.Positive);
            Assert.That(answer["mostConnections"]!.GetValue<long>(), Is.GreaterThan(answer["connections"]!.GetValue<long>()));
            Assert.That(all["databases"]!.AsArray().Select(database => (string?)database!["database"]), Is.EqualTo((string[])["s_0", "s_1"]));
        }
    }

    private static string[] Account(MariaDb database) =>
        ["usage", "--address", $"{database.Address}", "--port", $"{database.Port}", "--user", "c", "--password-parameter", "/c/db/db0/app"];

    [Test]
    public async Task Secrets_ManyNames_AreReadTenACall() =>
        Assert.That(Cluster.Aws.MostNames, Is.InRange(1, 10), await Task.FromResult("one call may name ten"));
}
