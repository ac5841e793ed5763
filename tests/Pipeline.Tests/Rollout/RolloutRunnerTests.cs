using Amazon.EC2.Model;
using Amazon.ElasticLoadBalancing.Model;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Rollout;

/// <summary>Whole rollouts in memory: what goes wrong is undone, and what can't be undone is told.</summary>
public sealed class RolloutRunnerTests
{
    private static readonly EnvironmentSettings Settings = TestSettings.Local with { Webheads = new WebheadSettings { Count = 2, Port = 8000 } };

    [Test]
    public async Task Run_NewRelease_ReplacesOneAfterTheOtherAndKeepsTheOld()
    {
        using var world = World(Settings);

        var done = await world.RollAsync("new", CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(done, Is.True);
            Assert.That(world.Cloud.Changes, Is.EqualTo([
                "launch new+1", "register new+1", "deregister old-1", "launch new+2", "register new+2", "deregister old-2",
            ]));
            Assert.That(world.Cloud.Running, Is.EqualTo(["new+1", "new+2", "old-1", "old-2"]));
            Assert.That(world.Journal.Current!.Previous!.ImageId, Is.EqualTo("ami-old"));
        }
    }

    [Test]
    public async Task Run_OldAreNotKept_AreTerminatedBatchByBatch()
    {
        using var world = World(Settings with { Rollout = new RolloutSettings { KeepOldUntilEnd = false } });

        await world.RollAsync("new", CancellationToken.None);

        Assert.That(world.Cloud.Running, Is.EqualTo(["new+1", "new+2"]));
    }

    [Test]
    public async Task Failed_OldWereNotKept_ThePreviousImageComesBackBeforeTheNewLeave()
    {
        using var world = World(Settings with { Rollout = new RolloutSettings { KeepOldUntilEnd = false } });
        await world.RollAsync("new", CancellationToken.None);
        world.Cloud.Changes.Clear();

        var thrown = Failures.Explain(await world.Completion.FailedAsync(new IOException("the smoke test"), CancellationToken.None));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown, Has.Property("Code").EqualTo(ErrorCode.RolledBack).And.Message.Contains("the smoke test"));
            Assert.That(world.Cloud.Changes, Is.EqualTo([
                "launch old+3", "launch old+4", "tag old+3,old+4", "register old+3,old+4", "deregister new+1,new+2", "terminate new+1,new+2",
            ]));
            Assert.That(world.Cloud.Running, Is.EqualTo(["old+3", "old+4"]));
        }
    }

    [Test]
    public async Task Run_OldNeverDrains_IsStuckWithAnAccountAndNothingIsTerminated()
    {
        using var world = World(Settings);
        world.Cloud.Lingering.Add("old-1");

        var thrown = await FailureAsync(world);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown, Has.Property("Code").EqualTo(ErrorCode.Stuck).And.Property("LastSeen").Contains("old-1"));
            Assert.That(world.Cloud.Running, Is.EqualTo(["new+1", "old-1", "old-2"]));
            Assert.That(world.Cloud.Registered, Is.EqualTo(["new+1", "old-2"]), "as many serve as before");
        }
    }

    [Test]
    public async Task Run_NoSurge_PassesTheGatesBeforeAnOldOneLeaves()
    {
        using var world = World(Settings with { Rollout = new RolloutSettings { Surge = 0, MinHealthy = 1 } });
        var most = 0;
        world.Cloud.Before = _ => most = Math.Max(most, world.Cloud.Serving.Count);

        await world.RollAsync("new", CancellationToken.None);

        Assert.That(world.Cloud.Changes[..3], Is.EqualTo(["launch new+1", "deregister old-1", "register new+1"]));
        Assert.That(most, Is.EqualTo(2));
    }

    [Test]
    public async Task Run_HeartbeatIsBad_ClosesTheGateAfterTheGracePeriodAndNothingWasTouched()
    {
        using var world = World(Settings);
        world.Cloud.Ill.Add("new");

        var thrown = await FailureAsync(world);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown.Code, Is.EqualTo(ErrorCode.RolledBack));
            Assert.That(thrown.Message, Does.Contain("3 bad heartbeats in a row, after a grace period of 120 s"));
            Assert.That(world.Cloud.Changes, Is.EqualTo(["launch new+1", "terminate new+1"]));
            Assert.That(world.Cloud.Serving, Is.EqualTo(["old-1", "old-2"]));
        }
    }

    [TestCase("new+1", "through new+1, sync0.localhost: meta: the item written through old-1 is not there")]
    [TestCase("old-1", "through old-1, sync0.localhost: meta: the item written through")]
    public async Task Run_OneDoesNotReadWhatTheOtherWrote_SaysWhoAndWhereAndRollsBack(string blind, string expected)
    {
        using var world = World(Settings);
        world.Cloud.Blind.Add(blind);

        var thrown = await FailureAsync(world);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown.Code, Is.EqualTo(ErrorCode.RolledBack));
            Assert.That(thrown.LastSeen, Does.Contain(expected));
            Assert.That(world.Cloud.Sent[^1].Command, Does.Contain("exchange").And.EndsWith("--clean"), "what was written is removed");
            Assert.That(world.Cloud.Serving, Is.EqualTo(["old-1", "old-2"]));
        }
    }

    [Test]
    public async Task Run_OldCannotWrite_DoesNotStandInTheWayOfTheNew()
    {
        using var world = World(Settings);
        world.Cloud.Mute.UnionWith(["old-1", "old-2"]);

        await world.RollAsync("new", CancellationToken.None);

        Assert.That(world.Cloud.Serving, Is.EqualTo(["new+1", "new+2"]));
        Assert.That(world.Progress.Lines, Has.Some.StartsWith("! domain gate without an old webhead: old-1"));
    }

    [Test]
    public async Task Run_ManyInABatch_CommandsDoNotGrowWithThem()
    {
        using var small = new RolloutWorld(Settings);
        using var big = new RolloutWorld(Settings with { Webheads = new WebheadSettings { Count = 40, Port = 8000 } });

        await small.RollAsync("new", CancellationToken.None);
        await big.RollAsync("new", CancellationToken.None);

        Assert.That(big.Cloud.Sent, Has.Count.EqualTo(small.Cloud.Sent.Count));
        Assert.That(big.Cloud.Sent.Select(sent => sent.Instances).Max(), Is.EqualTo(40));
    }

    [Test]
    public async Task Run_NeverInService_RollsBackAtTheDeadline()
    {
        using var world = World(Settings);
        world.Cloud.Broken.Add("new+1");

        var thrown = await FailureAsync(world);

        Assert.That(thrown, Has.Property("Code").EqualTo(ErrorCode.RolledBack).And.Message.Contains("did not take new+1 into service within 300 s"));
        Assert.That(world.Cloud.Running, Is.EqualTo(["old-1", "old-2"]));
    }

    [Test]
    public async Task Run_DiesWhileItIsWatched_RollsBack()
    {
        using var world = World(Settings);
        var looks = 0;
        world.Cloud.Before = request =>
        {
            if (request is DescribeInstanceHealthRequest && world.Cloud.Registered.Contains("new+2") && ++looks == 3) world.Cloud.Broken.Add("new+2");
        };

        var thrown = await FailureAsync(world);

        Assert.That(thrown, Has.Property("Code").EqualTo(ErrorCode.RolledBack).And.Message.Contains("new+2 went out of service while it was watched"));
        Assert.That(world.Cloud.Serving, Is.EqualTo(["old-1", "old-2"]), "the first batch's old one is back, too");
    }

    [Test]
    public async Task Run_OldAreGoneWhenItFails_ThePreviousImageComesBackThroughTheGates()
    {
        using var world = World(Settings with { Rollout = new RolloutSettings { KeepOldUntilEnd = false } });
        world.Cloud.Broken.Add("new+2");

        var thrown = await FailureAsync(world);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown.Code, Is.EqualTo(ErrorCode.RolledBack));
            Assert.That(world.Cloud.Serving, Is.EqualTo(["old+3", "old-2"]));
            Assert.That(world.Cloud.Running, Is.EqualTo(["old+3", "old-2"]), "all new ones are gone");
            Assert.That(world.Cloud.Changes.IndexOf("register old+3"), Is.LessThan(world.Cloud.Changes.FindIndex(change => change.StartsWith("deregister new", StringComparison.Ordinal))), "the old back first");
        }
    }

    [Test]
    public async Task Run_OldAreGoneAndThePreviousImageFailsToo_IsStuckWithAnAccount()
    {
        using var world = World(Settings with { Rollout = new RolloutSettings { KeepOldUntilEnd = false } });
        world.Cloud.Broken.Add("new+2");
        world.Cloud.Ill.Add("old");

        var thrown = await FailureAsync(world);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown.Code, Is.EqualTo(ErrorCode.Stuck));
            Assert.That(thrown.Message, Does.StartWith("2 webheads serve (1 old, 1 new), and it takes 2.").And.Contain("launching the previous release again"));
            Assert.That(thrown.LastSeen, Does.Contain("new+1: new, release new, running, serves").And.Contain("old+3: old, launched again, release old, running, NotRegistered").And.Contain("old-1: old, gone"));
            Assert.That(thrown.Hint, Does.Contain("aws elb register-instances-with-load-balancer --load-balancer-name sync2-lb --instances old+3").And.Contain("terminate-instances --instance-ids new+1 new+2"));
        }
    }

    [Test]
    public async Task Run_ZoneWithoutRoom_TheOthersTakeItsShare()
    {
        using var world = new RolloutWorld(Settings with { Webheads = new WebheadSettings { Count = 4, Port = 8000 } });
        world.Cloud.Full.Add("a");

        await world.RollAsync("new", CancellationToken.None);

        Assert.That(world.Cloud.PerZone(world.Cloud.Serving), Is.EqualTo(new Dictionary<string, int> { ["b"] = 2, ["c"] = 2 }));
        Assert.That(world.Progress.Lines, Has.Some.Contains("a has no room for 2 (InsufficientInstanceCapacity)"));
    }

    [Test]
    public async Task Run_NoZoneHasRoom_FailsAndTheOldServeOn()
    {
        using var world = World(Settings);
        world.Cloud.Full.UnionWith(["a", "b", "c"]);

        var thrown = await FailureAsync(world);

        Assert.That(thrown.Message, Does.Contain("no capacity").Or.Contain("capacity"));
        Assert.That(world.Cloud.Serving, Is.EqualTo(["old-1", "old-2"]));
    }

    [Test]
    public async Task Run_DeadButStillInService_WaitsForTheLoadBalancer()
    {
        using var world = World(Settings);
        world.Cloud.Add("old-3", "old", registered: true, state: Amazon.EC2.InstanceStateName.Stopped);
        world.Cloud.Broken.Add("old-1");
        var looks = 0;
        var serving = new List<int>();
        world.Cloud.Before = request =>
        {
            if (request is DescribeInstanceHealthRequest && ++looks == 5) world.Cloud.Broken.Add("old-3");
            if (request is DeregisterInstancesFromLoadBalancerRequest) serving.Add(looks);
        };

        await world.RollAsync("new", CancellationToken.None);

        Assert.That(serving[0], Is.GreaterThanOrEqualTo(5), "not before the load balancer says that it serves no more");
        Assert.That(world.Cloud.Serving, Is.EqualTo(["new+1", "new+2"]));
    }

    [Test]
    public async Task Run_Interrupted_PutsBackWhatWasTakenOutAndNothingMore()
    {
        using var world = World(Settings);
        using var interruption = new CancellationTokenSource();
        world.Cloud.Before = request =>
        {
            if (request is not RunInstancesRequest || world.Cloud.Changes.Count < 3) return;
            world.Time.LongestWait = TimeSpan.Zero;
            interruption.Cancel();
        };

        var thrown = await FailureAsync(world, interruption.Token);

        Assert.That(thrown.Code, Is.EqualTo(ErrorCode.Interrupted));
        Assert.That(world.Cloud.Serving, Does.Contain("old-1").And.Contain("old-2").And.Contain("new+1"));
    }

    private static RolloutWorld World(EnvironmentSettings settings)
    {
        var world = new RolloutWorld(settings);
        world.Cloud.Add("old-1", "old", registered: true);
        world.Cloud.Add("old-2", "old", registered: true, zone: "b");
        return world;
    }

    [Test]
    public async Task Run_DegradedAtTheEndOfTheSoak_IsRolledBackThoughTheLoadBalancerIsContent()
    {
        using var world = World(Settings);
        world.Cloud.Before = request =>
        {
            if (request is RegisterInstancesWithLoadBalancerRequest) world.Cloud.Ill.Add("new");
        };

        var thrown = await FailureAsync(world);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown.Code, Is.EqualTo(ErrorCode.RolledBack));
            Assert.That(world.Cloud.Changes, Is.EqualTo(["launch new+1", "register new+1", "deregister new+1", "terminate new+1"]));
            Assert.That(world.Cloud.Serving, Is.EqualTo(["old-1", "old-2"]));
        }
    }

    private static async Task<PipelineException> FailureAsync(RolloutWorld world, CancellationToken cancellationToken = default)
    {
        try
        {
            await world.RollAsync("new", cancellationToken);
        }
        catch (Exception thrown) when (Failures.IsExpected(thrown))
        {
            return Failures.Explain(thrown);
        }

        throw new AssertionException("The rollout succeeded.");
    }
}
