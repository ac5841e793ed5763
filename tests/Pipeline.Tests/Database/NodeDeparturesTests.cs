using System.Text.Json;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Aws;
using SyncStorage.Pipeline.Tests.Rollout;
using SyncStorage.Pipeline.Tests.TokenServers;

namespace SyncStorage.Pipeline.Tests.Database;

public sealed class NodeDeparturesTests
{
    private static readonly DatabaseNodeSettings Stays = HostnameChangesTests.Node("db0", ("a.example.com", "s0"), ("b.example.com", "s1"));
    private static readonly DatabaseNodeSettings Leaves = HostnameChangesTests.Node("db1", ("c.example.com", "s0")) with { Assign = false };

    private readonly FakeFleetCloud cloud = new();
    private readonly MemoryBucket bucket = new(TimeProvider.System);

    [SetUp]
    public void LaunchOne() => cloud.Add("i-1", "release", registered: true);

    [TearDown]
    public void Dispose() => bucket.Dispose();

    [Test]
    public async Task Require_NothingLeaves_AsksNobody()
    {
        await RequireAsync(Served(Stays), approve: null, Stays, Leaves);

        Assert.That(cloud.Sent, Is.Empty);
    }

    [Test]
    public async Task Require_StillAssignedTo_IsRefusedBeforeAnybodyIsAsked()
    {
        await RefusesAsync(Served(Stays, Leaves with { Assign = true }), ErrorCode.NodeInUse, "Users may still be assigned to c.example.com (db1)", Stays);

        Assert.That(cloud.Sent, Is.Empty);
    }

    [Test]
    public async Task Require_Users_IsRefusedWhateverIsApproved()
    {
        cloud.Users = 2;

        await RefusesAsync(Served(Stays, Leaves), ErrorCode.NodeInUse, "2 users would lose what they have", Stays);
    }

    [Test]
    public async Task Require_NobodyCanTell_IsRefused()
    {
        cloud.Hung.Add("i-1");

        await RefusesAsync(Served(Stays, Leaves), ErrorCode.NodeInUse, "Whether db1 has users can't be told", Stays);
    }

    [Test]
    public Task Require_EmptyNodeWithoutApproval_WantsIt() =>
        RefusesAsync(Served(Stays, Leaves), ErrorCode.ApprovalNeeded, "its database would be removed", approve: null, Stays);

    [Test]
    public async Task Require_EmptyNodeApproved_IsLetGo()
    {
        await RequireAsync(Served(Stays, Leaves), "sync2", Stays);

        Assert.That(cloud.Sent.Single().Command, Does.Contain("usage --address '10.0.0.1' --port 3306 --user 'sync2' --password-parameter '/sync2/db/db1/app' --database 's0'"));
    }

    [TestCase(1, 0)]
    [TestCase(0, 1)]
    public async Task Require_TheTokenServerHasSomebodyOnIt_IsRefusedThoughNothingIsThere(int load, int old)
    {
        var origin = Served(Leaves).Nodes[0].Hosts[0].Origin;
        cloud.Add("token-1", "t1", registered: true, role: "tokenserver");
        cloud.TokenServers = command => command.Contains(" nodes ", StringComparison.Ordinal)
            ? TokenWorld.Answer((origin, load, true)).Replace("\"downed\"", $"\"old\":{old},\"downed\"", StringComparison.Ordinal) : null;

        await RefusesAsync(Served(Stays, Leaves), ErrorCode.NodeInUse, $"Users are on db1, says the token server: {load} on {origin}", "sync2", hasTokenServer: true, Stays);
    }

    [Test]
    public async Task Require_EmptyHostnameOfANodeThatStays_NeedsNoApproval()
    {
        var emptied = Stays with { Hosts = [Stays.Hosts[0], Stays.Hosts[1] with { Assign = false }] };

        await RequireAsync(Served(emptied), approve: null, Stays with { Hosts = [Stays.Hosts[0]] });

        Assert.That(cloud.Sent.Single().Command, Does.EndWith("--database 's1'"));
    }

    private static ConfigDocument Served(params DatabaseNodeSettings[] nodes) => HostnameChangesTests.Served(nodes);

    private Task RefusesAsync(ConfigDocument served, ErrorCode code, string says, params DatabaseNodeSettings[] wanted) => RefusesAsync(served, code, says, "sync2", wanted);

    private Task RefusesAsync(ConfigDocument served, ErrorCode code, string says, string? approve, params DatabaseNodeSettings[] wanted) =>
        RefusesAsync(served, code, says, approve, hasTokenServer: false, wanted);

    private async Task RefusesAsync(ConfigDocument served, ErrorCode code, string says, string? approve, bool hasTokenServer, params DatabaseNodeSettings[] wanted)
    {
        var failure = (await Assert.ThrowsAsync<PipelineException>(() => RequireAsync(served, approve, hasTokenServer, wanted)))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Code, Is.EqualTo(code));
            Assert.That(failure.Message, Does.Contain(says));
        }
    }

    private Task RequireAsync(ConfigDocument served, string? approve, params DatabaseNodeSettings[] wanted) => RequireAsync(served, approve, hasTokenServer: false, wanted);

    private async Task RequireAsync(ConfigDocument served, string? approve, bool hasTokenServer, params DatabaseNodeSettings[] wanted)
    {
        bucket.Put("config/3.json", JsonSerializer.Serialize(served, ConfigDocument.Json));
        bucket.Put("config/current.json", """{"version": 3, "key": "config/3.json"}""");
        var settings = TestSettings.Local with { Dbnodes = wanted, TokenServer = hasTokenServer ? new TokenServerSettings { Hostname = "token.example.com" } : null };
        using var tokenServers = new TokenWorld(settings, cloud);
        var fleet = new Fleet(cloud, TestSettings.Names, new Observation(cloud, settings, TestSettings.Names));
        var usage = new NodeUsageReader(fleet, new RemoteCommands(cloud, settings, new Waiter(new BudgetedTime(), new RecordingProgress())));
        await new NodeDepartures(
            settings, TestSettings.Names, new ConfigStore(bucket.Bucket), usage, tokenServers.Nodes, new RunOptions { RepositoryRoot = "/", Approve = approve }, new RecordingProgress())
            .RequireAsync(CancellationToken.None);
    }
}
