using Amazon.EC2;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Rollout;

/// <summary>A first fleet boots while the databases come up; the rollout takes it over.</summary>
public sealed class FleetAheadTests
{
    private static readonly EnvironmentSettings Settings = TestSettings.Local with { Webheads = new WebheadSettings { Count = 2, Port = 8000 } };

    [Test]
    public async Task Launch_NothingIsThere_IsTakenOverByTheRollout()
    {
        using var world = new RolloutWorld(Settings, isPublished: false);
        await LaunchAsync(world);
        var launched = world.Cloud.Changes.ToList();
        world.Publish();

        await world.RollAsync("new", CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(launched, Has.Count.GreaterThan(0).And.All.StartsWith("launch new+"));
            Assert.That(world.Cloud.Changes[launched.Count..], Is.EqualTo(["register new+1,new+2"]), "all gates are passed before, and nothing else is launched");
            Assert.That(world.Cloud.Serving, Is.EqualTo(["new+1", "new+2"]));
        }
    }

    [Test]
    public async Task Launch_Twice_LaunchesOnce()
    {
        using var world = new RolloutWorld(Settings, isPublished: false);
        await LaunchAsync(world);

        await LaunchAsync(world);

        Assert.That(world.Cloud.Running, Is.EqualTo(["new+1", "new+2"]));
    }

    [Test]
    public async Task Launch_ConfigurationIsPublished_LeavesItToTheRollout()
    {
        using var world = new RolloutWorld(Settings);

        await LaunchAsync(world);

        Assert.That(world.Cloud.Changes, Is.Empty);
    }

    [Test]
    public async Task Launch_AnotherReleaseWasLaunchedBefore_EndsItFirst()
    {
        using var world = new RolloutWorld(Settings, isPublished: false);
        await LaunchAsync(world, "old");

        await LaunchAsync(world);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(world.Cloud.Changes[^3..], Has.Exactly(1).EqualTo("terminate old+1,old+2").And.Exactly(2).StartsWith("launch new+"), "an account may have room for one fleet only");
            Assert.That(world.Cloud.Changes[^3], Does.StartWith("terminate"));
            Assert.That(world.Cloud.Running, Is.EqualTo(["new+3", "new+4"]));
        }
    }

    [Test]
    public async Task Launch_ConfigurationWasLostAndSomebodyServes_LaunchesNothing()
    {
        using var world = new RolloutWorld(Settings, isPublished: false);
        world.Cloud.Add("old-1", "old", registered: true);

        await LaunchAsync(world);

        Assert.That(world.Cloud.Changes, Is.Empty);
    }

    [Test]
    public async Task Launch_NotListedYetWhenTheRolloutBegins_IsNotLaunchedOnceMore()
    {
        using var world = new RolloutWorld(Settings, isPublished: false);
        await LaunchAsync(world);
        world.Publish();
        world.Cloud.UnlistedFor = 3;

        await world.RollAsync("new", CancellationToken.None);

        Assert.That(world.Cloud.Running, Is.EqualTo(["new+1", "new+2"]));
    }

    [Test]
    public async Task Launch_NoZoneHasRoom_FailsAndTheNextLaunchesWhatIsMissing()
    {
        using var world = new RolloutWorld(Settings, isPublished: false);
        world.Cloud.Full.UnionWith(["a", "b", "c"]);
        var refusal = await Assert.CatchAsync<AmazonEC2Exception>(() => LaunchAsync(world));
        world.Cloud.Full.Clear();

        await world.Ahead.LaunchAsync(_ => Task.FromResult(RolloutWorld.Target("new")), CancellationToken.None);

        Assert.That(refusal!.ErrorCode, Is.EqualTo("InsufficientInstanceCapacity"));
        Assert.That(world.Cloud.Running, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Launch_OneOfTwoIsThere_LaunchesTheOtherAndTheRolloutTakesBoth()
    {
        using var world = new RolloutWorld(Settings, isPublished: false);
        await LaunchAsync(world);
        var kept = world.Cloud.Running[0];
        world.Cloud.Kill(world.Cloud.Running[1]);

        await world.Ahead.LaunchAsync(_ => Task.FromResult(RolloutWorld.Target("new")), CancellationToken.None);
        var running = world.Cloud.Running;
        world.Publish();
        await world.RollAsync("new", CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(running, Has.Count.EqualTo(2).And.Contains(kept));
            Assert.That(world.Cloud.Serving, Is.EquivalentTo(running));
        }
    }

    [Test]
    public async Task Launch_TheReleaseIsIll_NothingOfItIsLeft()
    {
        using var world = new RolloutWorld(Settings, isPublished: false);
        await LaunchAsync(world);
        world.Publish();
        world.Cloud.Ill.Add("new");

        await Assert.CatchAsync(() => world.RollAsync("new", CancellationToken.None));

        Assert.That(world.Cloud.Running, Is.Empty);
    }

    private static async Task LaunchAsync(RolloutWorld world, string release = "new")
    {
        await world.Journal.BeginAsync(DeploymentKind.Deploy, "Request-Webheads", CancellationToken.None);
        await world.Ahead.LaunchAsync(_ => Task.FromResult(RolloutWorld.Target(release)), CancellationToken.None);
    }
}
