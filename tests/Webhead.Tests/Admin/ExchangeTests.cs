using System.Text.Json.Nodes;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Admin;

[TestFixture]
internal sealed class ExchangeTests : OwnClusterTests
{
    private readonly string user = $"{SmokeTest.RandomUid()}";
    private WebheadProcess second = null!;

    [OneTimeSetUp]
    public async Task StartSecondAsync()
    {
        second = new WebheadProcess(Cluster.Aws);
        await second.UntilAsync("ok");
    }

    [OneTimeTearDown]
    public async Task EndSecondAsync()
    {
        if (second is not null) await second.DisposeAsync();
    }

    [Test]
    public async Task Exchange_BetweenTwoWebheads_BothReadTheOthersItemsAndNothingIsLeft()
    {
        var (_, first) = await Cluster.Webhead.AdminAsync("exchange", "--user", user, "--write");
        var (_, other) = await second.AdminAsync("exchange", "--user", user, "--read", Item(first), "--write");
        var (code, back) = await Cluster.Webhead.AdminAsync("exchange", "--user", user, "--read", Item(first), "--read", Item(other), "--write", "--clean");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, back.ToJsonString());
            Assert.That(back["hosts"]!.AsArray().Select(host => ((string)host!["hostname"]!, (bool)host["ok"]!)), Is.EqualTo([("sync0.localhost", true), ("sync1.localhost", true), ("sync2.localhost", true)]));
            Assert.That(await LeftAsync(), Is.Zero);
        }
    }

    [TestCase("DELETE FROM s_2.bso WHERE userid = {0}", "is not there")]
    [TestCase("UPDATE s_2.bso SET payload = 'another' WHERE userid = {0}", "does not say what was written")]
    [TestCase("UPDATE s_2.bso SET modified = modified + 3600000 WHERE userid = {0}", "time must grow")]
    public async Task Exchange_ItemIsNotAsWritten_SaysOnWhichHostAndWhat(string sql, string expected)
    {
        var (_, first) = await Cluster.Webhead.AdminAsync("exchange", "--user", user, "--write");
        await Cluster.Databases[1].QueryAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, user));

        var (code, answer) = await second.AdminAsync("exchange", "--user", user, "--read", Item(first), "--write", "--clean");

        var hosts = answer["hosts"]!.AsArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.EqualTo(1));
            Assert.That(hosts.Select(host => (bool)host!["ok"]!), Is.EqualTo([true, true, false]));
            Assert.That((string?)hosts[2]!["error"], Does.StartWith("smoke: ").And.Contain(expected));
            Assert.That(await LeftAsync(), Is.Zero, "cleaned up also after a failure");
        }
    }

    [TestCase("--user", "5", "--write")]
    [TestCase("--user", "9000000001", "--read", "a&b")]
    [TestCase("--write")]
    public async Task Exchange_NotATestsUserOrNoItem_IsRefused(params string[] arguments)
    {
        var (code, answer) = await Cluster.Webhead.AdminAsync(["exchange", .. arguments]);

        Assert.That(code, Is.EqualTo(1));
        Assert.That((string?)answer["error"], Does.Contain("--user").Or.Contain("--read"));
    }

    [Test]
    public async Task Check_SchemaOfAnotherRelease_TellsWhichTheDatabasesHave()
    {
        await Cluster.Databases[1].QueryAsync("UPDATE s_2.schema_version SET version = 7");
        try
        {
            await second.UntilAsync("degraded");
            var (_, answer) = await second.AdminAsync("check");

            Assert.That(answer["heartbeat"]!["schema"]!.ToJsonString(), Is.EqualTo("""{"min":1,"max":7}"""));
            Assert.That((string?)answer["error"], Does.Contain("s_2 has schema 7; this release works with 1 to 1"));
        }
        finally
        {
            await Cluster.Databases[1].QueryAsync("UPDATE s_2.schema_version SET version = 1");
            await second.UntilAsync("ok");
        }
    }

    private static string Item(JsonNode answer) => (string?)answer["item"] ?? throw new InvalidOperationException(answer.ToJsonString());

    private async Task<long> LeftAsync()
    {
        var left = 0L;
        foreach (var (database, name) in new[] { (0, "s_0"), (0, "s_1"), (1, "s_2") })
            left += Convert.ToInt64(await Cluster.Databases[database].QueryAsync($"SELECT COUNT(*) FROM {name}.user_collections WHERE userid = {user}"), System.Globalization.CultureInfo.InvariantCulture);
        return left;
    }
}
