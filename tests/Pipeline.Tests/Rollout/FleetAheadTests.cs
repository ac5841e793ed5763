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
    public async Task Launch_NoZoneHasRoom_SaysSoAndTheRolloutTriesAgain()
    {
        using var world = new RolloutWorld(Settings, isPublished: false);
        world.Cloud.Full.UnionWith(["a", "b", "c"]);
        await LaunchAsync(world);
        world.Cloud.Full.Clear();
        world.Publish();

        await world.RollAsync("new", CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(world.Progress.Lines, Has.Some.Contains("InsufficientInstanceCapacity"));
            Assert.That(world.Cloud.Serving, Has.Count.EqualTo(2));
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

    private static async Task LaunchAsync(RolloutWorld world)
    {
        await world.Journal.BeginAsync(DeploymentKind.Deploy, "Request-Webheads", CancellationToken.None);
        await world.Ahead.LaunchAsync(_ => Task.FromResult(RolloutWorld.Target("new")), CancellationToken.None);
    }
}
