using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Amazon.ElasticLoadBalancing.Model;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Rollout;

/// <summary>Alarms while a release is rolled out.</summary>
public sealed class AlarmWatchTests
{
    private const string Errors = "sync2/errors";
    private const string Latency = "sync2/latency";
    private const string Storage = "sync2/db0-storage";
    private const string Reason = "Threshold Crossed: 2 out of the last 3 datapoints";

    private static readonly EnvironmentSettings Settings =
        TestSettings.Local with { Webheads = new WebheadSettings { Count = 2, Port = 8000 }, Monitoring = new MonitoringSettings() };

    [Test]
    public async Task Run_AlarmRingsWhileABatchSoaks_IsRolledBackWithItsReason()
    {
        using var world = World(Settings);
        world.Cloud.Before = request => RingAtRegistration(world, request, Errors);

        var thrown = Failures.Explain((await Assert.CatchAsync(() => world.RollAsync("new", CancellationToken.None)))!);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown.Code, Is.EqualTo(ErrorCode.RolledBack));
            Assert.That(thrown.Message, Does.Contain("sync2/errors began to ring"));
            Assert.That(thrown.LastSeen, Does.Contain(Reason));
            Assert.That(world.Cloud.Serving, Is.EqualTo(new[] { "old-1", "old-2" }));
        }
    }

    [Test]
    public async Task Run_AlarmRangBefore_GoesOn_UnlessItWasOverInBetween()
    {
        using var world = World(Settings);
        world.Cloud.Monitoring.Ring(Errors, Reason);

        Assert.That(await world.RollAsync("new", CancellationToken.None), Is.True);

        using var again = World(Settings);
        again.Cloud.Monitoring.Ring(Errors, Reason);
        var registrations = 0;
        again.Cloud.Before = request =>
        {
            if (request is not RegisterInstancesWithLoadBalancerRequest) return;
            if (++registrations == 1) again.Cloud.Monitoring.Alarms[Errors].StateValue = StateValue.OK;
            else again.Cloud.Monitoring.Ring(Errors, Reason);
        };
        Assert.That(Failures.Explain((await Assert.CatchAsync(() => again.RollAsync("new", CancellationToken.None)))!).Code, Is.EqualTo(ErrorCode.RolledBack));
    }

    [TestCase(Storage)]
    [TestCase(null)]
    public async Task Run_WhatIsNotWatchedRings_OrDataLacks_GoesOn(string? ringing)
    {
        using var world = World(Settings);
        world.Cloud.Monitoring.Alarms[Latency].StateValue = StateValue.INSUFFICIENT_DATA;
        if (ringing is not null) world.Cloud.Before = request => RingAtRegistration(world, request, ringing);

        Assert.That(await world.RollAsync("new", CancellationToken.None), Is.True);
    }

    [Test]
    public async Task Run_SettingsSayNoRollBack_OrHaveNoMonitoring_AskNothing()
    {
        foreach (var monitoring in new[] { new MonitoringSettings { RollBack = false }, null })
        {
            using var world = World(Settings with { Monitoring = monitoring });
            world.Cloud.Before = request => RingAtRegistration(world, request, Errors);

            Assert.That(await world.RollAsync("new", CancellationToken.None), Is.True);
            Assert.That(world.Cloud.Monitoring.Calls, Is.Empty);
        }
    }

    /// <summary>What goes back, does so because something rings, or is about to.</summary>
    [TestCase(DeploymentKind.Rollback)]
    [TestCase(DeploymentKind.Heal)]
    public async Task Run_OtherKinds_AreNotEndedByAnAlarm(DeploymentKind kind)
    {
        using var world = World(Settings);
        world.Cloud.Before = request => RingAtRegistration(world, request, Errors);
        await world.Journal.BeginAsync(kind, "Rollback", CancellationToken.None);
        var goal = await world.Runner.GoalAsync(RolloutWorld.Target("new"), CancellationToken.None);

        Assert.That(await world.Runner.RunAsync(RolloutWorld.Target("new"), webheads => RolloutPlanner.Plan(webheads, goal), CancellationToken.None), Is.True);
    }

    private static void RingAtRegistration(RolloutWorld world, object request, string alarm)
    {
        if (request is RegisterInstancesWithLoadBalancerRequest) world.Cloud.Monitoring.Ring(alarm, Reason);
    }

    private static RolloutWorld World(EnvironmentSettings settings)
    {
        var world = new RolloutWorld(settings);
        for (var i = 1; i <= 2; i++) world.Cloud.Add($"old-{i}", "old", registered: true);
        foreach (var name in new[] { Errors, Latency, Storage }) world.Cloud.Monitoring.Alarms[name] = new MetricAlarm { AlarmName = name, StateValue = StateValue.OK };
        return world;
    }
}
