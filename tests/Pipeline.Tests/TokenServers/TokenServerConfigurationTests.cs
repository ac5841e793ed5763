using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Tests.Database;
using SyncStorage.Pipeline.Tests.Rollout;

namespace SyncStorage.Pipeline.Tests.TokenServers;

public sealed class TokenServerConfigurationTests
{
    private static readonly ConfigDocument Served = HostnameChangesTests.Served(
        HostnameChangesTests.Node("db0", ("a.example.com", "s0")), HostnameChangesTests.Node("db1", ("c.example.com", "s0")));

    private readonly FakeFleetCloud cloud = new();
    private TokenWorld world = null!;

    [SetUp]
    public void Make() => world = TokenWorld.InService(cloud, Served);

    [TearDown]
    public void End() => world.Dispose();

    [Test]
    public async Task Follow_NoneIsDeployed_PublishesNothing()
    {
        await world.Configuration.FollowAsync(CancellationToken.None);

        Assert.That(await world.Documents.CurrentAsync(CancellationToken.None), Is.Null, "a document says that its database is made");
    }

    [Test]
    public async Task Follow_NothingDiffers_IsAVersionOfItsOwnThatEachReports()
    {
        Reports(1);
        await world.Configuration.PublishAsync(anew: false, CancellationToken.None);
        Reports(2);

        await world.Configuration.FollowAsync(CancellationToken.None);

        Assert.That((await world.Documents.CurrentAsync(CancellationToken.None))!.Version, Is.EqualTo(2), "who reports it has read the secrets with it");
        Assert.That(world.Progress.Lines, Has.Some.Contains("have configuration 2"));
    }

    [Test]
    public async Task Publish_NothingDiffers_WaitsForWhoHasNotComeToHaveIt()
    {
        Reports(1);
        await world.Configuration.PublishAsync(anew: false, CancellationToken.None);
        var asked = 0;
        cloud.TokenServers = _ => $$"""{"ok":true,"configuration":{{(++asked < 3 ? 0 : 1)}}}""";

        var version = await world.Configuration.PublishAsync(anew: false, CancellationToken.None);

        Assert.That((version, asked), Is.EqualTo(((int?)1, 3)));
    }

    private void Reports(int version) => cloud.TokenServers = _ => $$"""{"ok":true,"configuration":{{version}}}""";
}
