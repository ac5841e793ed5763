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

    [Test]
    public async Task Require_EmptyHostnameOfANodeThatStays_NeedsNoApproval()
    {
        var emptied = Stays with { Hosts = [Stays.Hosts[0], Stays.Hosts[1] with { Assign = false }] };

        await RequireAsync(Served(emptied), approve: null, Stays with { Hosts = [Stays.Hosts[0]] });

        Assert.That(cloud.Sent.Single().Command, Does.EndWith("--database 's1'"));
    }

    private static ConfigDocument Served(params DatabaseNodeSettings[] nodes) => HostnameChangesTests.Served(nodes);

    private Task RefusesAsync(ConfigDocument served, ErrorCode code, string says, params DatabaseNodeSettings[] wanted) => RefusesAsync(served, code, says, "sync2", wanted);

    private async Task RefusesAsync(ConfigDocument served, ErrorCode code, string says, string? approve, params DatabaseNodeSettings[] wanted)
    {
        var failure = (await Assert.ThrowsAsync<PipelineException>(() => RequireAsync(served, approve, wanted)))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Code, Is.EqualTo(code));
            Assert.That(failure.Message, Does.Contain(says));
        }
    }

    private Task RequireAsync(ConfigDocument served, string? approve, params DatabaseNodeSettings[] wanted)
    {
        bucket.Put("config/3.json", JsonSerializer.Serialize(served, ConfigDocument.Json));
        bucket.Put("config/current.json", """{"version": 3, "key": "config/3.json"}""");
        var settings = TestSettings.Local with { Dbnodes = wanted };
        var fleet = new Fleet(cloud, TestSettings.Names, new Observation(cloud, settings, TestSettings.Names));
        var usage = new NodeUsageReader(fleet, new RemoteCommands(cloud, settings, new Waiter(new BudgetedTime(), new RecordingProgress())));
        return new NodeDepartures(
            settings, TestSettings.Names, new ConfigStore(bucket.Bucket), usage, new RunOptions { RepositoryRoot = "/", Approve = approve }, new RecordingProgress())
            .RequireAsync(CancellationToken.None);
    }
}
