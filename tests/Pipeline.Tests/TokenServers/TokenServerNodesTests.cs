using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Tests.Database;
using SyncStorage.Pipeline.Tests.Rollout;

namespace SyncStorage.Pipeline.Tests.TokenServers;

public sealed class TokenServerNodesTests
{
    private static readonly ConfigDocument Served = HostnameChangesTests.Served(
        HostnameChangesTests.Node("db0", ("a.example.com", "s0"), ("b.example.com", "s1")), HostnameChangesTests.Node("db1", ("c.example.com", "s0")) with { Assign = false });

    private readonly FakeFleetCloud cloud = new();
    private TokenWorld world = null!;

    private static List<string> Origins => [.. Served.Nodes.SelectMany(node => node.Hosts).Select(host => host.Origin)];

    [SetUp]
    public void Make() => world = TokenWorld.InService(cloud, Served);

    [TearDown]
    public void End() => world.Dispose();

    [Test]
    public async Task Ensure_SomeMissingSomeWrong_SendsTheDifferenceAlone()
    {
        Answers(TokenWorld.Answer((Origins[0], 3, false), (Origins[2], 9, false)), strangers: TokenWorld.Answer());

        await world.Nodes.EnsureAsync(CancellationToken.None);

        Assert.That(Told("set-node"), Is.EqualTo(new[] { $" --node '{Origins[1]}' --capacity 25000 --backoff 0", $" --node '{Origins[2]}' --capacity 25000 --backoff 1" }));
    }

    [Test]
    public async Task Ensure_AsTheSettingsSay_SetsNothing()
    {
        Answers(TokenWorld.Answer((Origins[0], 3, false), (Origins[1], 3, false), (Origins[2], 9, true)), strangers: TokenWorld.Answer());

        await world.Nodes.EnsureAsync(CancellationToken.None);

        Assert.That(Told("set-node"), Is.Empty);
    }

    [Test]
    public async Task Ensure_AHostnameThatLeft_GoesOnceNothingOfItIsLeft()
    {
        Answers(TokenWorld.Answer((Origins[0], 3, false), (Origins[1], 3, false), (Origins[2], 9, true)), strangers: TokenWorld.Answer(("https://gone", 0, true), ("https://going", 0, true)));
        var answers = cloud.TokenServers;
        cloud.TokenServers = command => command.Contains("remove-node --node 'https://going'", StringComparison.Ordinal) ? """{"ok":false,"error":"https://going has 0 users and 4 old records"}"""
            : command.Contains("remove-node", StringComparison.Ordinal) ? """{"ok":true,"removed":true}""" : answers(command);

        await world.Nodes.EnsureAsync(CancellationToken.None);

        Assert.That(world.Progress.Lines, Has.Some.Contains("https://gone is no node any more").And.Some.Contains("4 old records"));
    }

    private void Answers(string nodes, string strangers) => cloud.TokenServers = command =>
        command.Contains("nodes --strangers", StringComparison.Ordinal) ? strangers : command.Contains(" nodes ", StringComparison.Ordinal) ? nodes : """{"ok":true,"created":[]}""";

    private List<string> Told(string what) => [.. cloud.Sent.Select(sent => sent.Command).Where(command => command.Contains($" {what} ", StringComparison.Ordinal)).Select(command => command.Split($" {what}")[1])];
}
