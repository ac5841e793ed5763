using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Database;
using SyncStorage.Pipeline.Tests.Rollout;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline.Tests.TokenServers;

public sealed class RebalanceStageTests
{
    private static readonly ConfigDocument Served = HostnameChangesTests.Served(
        HostnameChangesTests.Node("db0", ("a.example.com", "s0")), HostnameChangesTests.Node("db1", ("b.example.com", "s0")));

    private readonly FakeFleetCloud cloud = new();
    private TokenWorld world = null!;

    private static string A => Served.Nodes[0].Hosts[0].Origin;

    private static string B => Served.Nodes[1].Hosts[0].Origin;

    [SetUp]
    public void Make()
    {
        cloud.Add("token-1", "t1", registered: true, role: "tokenserver");
        cloud.TokenServers = command => command.Contains(" nodes ", StringComparison.Ordinal) ? TokenWorld.Answer((A, 300, false), (B, 5, false))
            : command.Contains(" unassign ", StringComparison.Ordinal) ? $$"""{"ok":true,"users":{{command.Split("--most ")[1]}}}""" : null;
    }

    [TearDown]
    public void End() => world.Dispose();

    [Test]
    public async Task Run_AShareOfADbnode_LeavesInSteps()
    {
        await RunAsync(new RebalanceRequest("db0", null, 25, 50, TimeSpan.FromSeconds(10)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Unassigned(), Is.EqualTo(new[] { $"--node '{A}' --most 50", $"--node '{A}' --most 25" }));
            Assert.That(world.Progress.Lines, Has.Some.Contains("75 of 75"));
        }
    }

    [Test]
    public async Task Run_WithoutApproval_SaysWhatItWouldDoAndDoesNothing()
    {
        var failure = await RefusedAsync(new RebalanceRequest("a.example.com", 10, null, 100, TimeSpan.Zero), approve: null);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Code, Is.EqualTo(ErrorCode.ApprovalNeeded));
            Assert.That(failure.Message, Does.Contain($"10 of 300 users of {A}"));
            Assert.That(Unassigned(), Is.Empty);
        }
    }

    [Test]
    public async Task Run_ATokenServerFailsInBetween_SaysHowFarItCame()
    {
        var asked = cloud.TokenServers;
        cloud.TokenServers = command => Unassigned().Count > 1 ? """{"ok":false,"error":"no connection"}""" : asked(command);

        var failure = await RefusedAsync(new RebalanceRequest("db0", 90, null, 40, TimeSpan.Zero));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Code, Is.EqualTo(ErrorCode.RemoteFailed));
            Assert.That(failure.Message, Does.Contain("40 of 90 users have left"));
            Assert.That(failure.LastSeen, Is.EqualTo("no connection"));
        }
    }

    [TestCase("db7", "There is no dbnode or virtual hostname \"db7\"")]
    [TestCase("db1", "has 5 users, and 10 can't leave it")]
    public async Task Run_Nonsense_IsRefused(string from, string says)
    {
        var failure = await RefusedAsync(new RebalanceRequest(from, 10, null, 100, TimeSpan.Zero));

        Assert.That((failure.Code, failure.Message.Contains(says, StringComparison.Ordinal)), Is.EqualTo((ErrorCode.RebalanceRefused, true)), failure.Message);
    }

    [Test]
    public async Task Run_NoTokenServer_IsRefused()
    {
        var failure = await RefusedAsync(new RebalanceRequest("db0", 10, null, 100, TimeSpan.Zero), settings: TestSettings.Local);

        Assert.That(failure.Message, Does.Contain("have no token server"));
    }

    [Test]
    public async Task Run_NoTokenServerInService_SaysSo()
    {
        cloud.Broken.Add("token-1");

        var failure = await RefusedAsync(new RebalanceRequest("db0", 10, null, 100, TimeSpan.Zero));

        Assert.That(failure.Message, Does.Contain("takes a token server in service, and there is none"));
    }

    private List<string> Unassigned() => [.. cloud.Sent.Select(sent => sent.Command).Where(command => command.Contains(" unassign ", StringComparison.Ordinal)).Select(command => command.Split(" unassign ")[1])];

    private async Task<PipelineException> RefusedAsync(RebalanceRequest request, string? approve = "sync2", EnvironmentSettings? settings = null) =>
        (await Assert.ThrowsAsync<PipelineException>(() => RunAsync(request, approve, settings)))!;

    private Task RunAsync(RebalanceRequest request, string? approve = "sync2", EnvironmentSettings? settings = null)
    {
        settings ??= TokenWorld.Settings;
        world = new TokenWorld(settings, cloud);
        world.Serve(Served);
        return new RebalanceStage(
            settings, TestSettings.Names, new RunOptions { RepositoryRoot = "/", Approve = approve, Rebalance = request }, world.Webheads, world.Nodes, new Waiter(world.Time, world.Progress), world.Time,
            world.Progress).RunAsync(CancellationToken.None);
    }
}
