using CsCheck;
using SyncStorage.Pipeline.Rollout;

namespace SyncStorage.Pipeline.Tests.Rollout;

public sealed class RolloutPlannerTests
{
    private static readonly string[] Zones = ["a", "b", "c"];
    private static readonly Verdict InService = new("InService", "N/A");

    [Test]
    public void Plan_EmptyFleet_LaunchesAllAtOnceSpreadOverZones()
    {
        var plan = RolloutPlanner.Plan([], Goal(4));

        var batch = plan.Batches.Single();
        Assert.That(batch.Launch, Is.EquivalentTo(new Dictionary<string, int> { ["a"] = 2, ["b"] = 1, ["c"] = 1 }));
    }

    [Test]
    public void Plan_FleetAsWanted_IsEmpty()
    {
        var plan = RolloutPlanner.Plan([Webhead(1, "new"), Webhead(2, "new"), Webhead(3, "new")], Goal(3));

        Assert.That(plan.IsEmpty, Is.True);
        Assert.That(plan.Keep, Has.Count.EqualTo(3));
    }

    [Test]
    public void Plan_NewRelease_ReplacesOneByOne()
    {
        var plan = RolloutPlanner.Plan([Webhead(1, "old"), Webhead(2, "old"), Webhead(3, "old")], Goal(3));

        Assert.That(plan.Batches.Select(batch => (batch.Joining, string.Join(",", batch.Retire))), Is.EqualTo([(1, "i-1"), (1, "i-2"), (1, "i-3")]));
    }

    [Test]
    public void Plan_Canary_IsOneThenBatches()
    {
        var fleet = Enumerable.Range(1, 5).Select(number => Webhead(number, "old")).ToList();

        var plan = RolloutPlanner.Plan(fleet, Goal(5, batchSize: 2) with { Canary = true });

        Assert.That(plan.Batches.Select(batch => (batch.Joining, batch.Retire.Count, batch.IsCanary)), Is.EqualTo([(1, 1, true), (2, 2, false), (2, 2, false)]));
    }

    [Test]
    public void Plan_CanaryServesAlready_GoesOnWithBatches()
    {
        var plan = RolloutPlanner.Plan([Webhead(1, "new"), Webhead(2, "old"), Webhead(3, "old")], Goal(3, batchSize: 2) with { Canary = true });

        Assert.That(plan.Batches.Select(batch => (batch.Joining, batch.IsCanary)), Is.EqualTo([(2, false)]));
    }

    [Test]
    public void Plan_CanaryOfAnEmptyFleet_LaunchesAllAtOnce()
    {
        Assert.That(RolloutPlanner.Plan([], Goal(3) with { Canary = true }).Batches.Single().Joining, Is.EqualTo(3));
    }

    [Test]
    public void Plan_HalfRegistered_IsAdoptedNotLaunchedAgain()
    {
        var plan = RolloutPlanner.Plan([Webhead(1, "new"), Webhead(2, "new", verdict: Verdict.NotRegistered), Webhead(3, "old")], Goal(2));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.Batches.SelectMany(batch => batch.Adopt), Is.EqualTo(["i-2"]));
            Assert.That(plan.Batches.Sum(batch => batch.Launch.Values.Sum()), Is.Zero);
            Assert.That(plan.Batches.SelectMany(batch => batch.Retire), Is.EqualTo(["i-3"]));
        }
    }

    [Test]
    public void Plan_StoppedWebhead_IsDeadAndReplaced()
    {
        var plan = RolloutPlanner.Plan([Webhead(1, "new"), Webhead(2, "new", state: "stopped")], Goal(2));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.Dead, Is.EqualTo(["i-2"]));
            Assert.That(plan.Batches.Single().Joining, Is.EqualTo(1));
        }
    }

    [Test]
    public void Plan_FleetBelowMinHealthy_IsFilledUpBeforeAnythingLeaves()
    {
        var plan = RolloutPlanner.Plan([Webhead(1, "old"), Webhead(2, "old", state: "stopped")], Goal(3));

        Assert.That(plan.Batches.Select(batch => (batch.Joining, batch.Retire.Count)), Is.EqualTo([(1, 0), (1, 0), (1, 1)]));
    }

    [Test]
    public void Plan_FewerDesired_RetiresTheSurplus()
    {
        var plan = RolloutPlanner.Plan([Webhead(1, "new"), Webhead(2, "new"), Webhead(3, "new")], Goal(2));

        Assert.That(plan.Batches.Single().Retire, Has.Count.EqualTo(1));
        Assert.That(plan.Batches.Single().Joining, Is.Zero);
    }

    [Test]
    public void Plan_AnyFleet_EndsAsWantedAndNothingLeavesBelowMinHealthy()
    {
        var webhead =
            from spec in Gen.OneOf("old", "older", "new")
            from state in Gen.OneOf("running", "running", "running", "pending", "stopped")
            from verdict in Gen.OneOf(InService, InService, Verdict.NotRegistered, new Verdict("OutOfService", "failed"))
            from zone in Gen.OneOf(Zones)
            select (spec, state, verdict, zone);
        var fleets = webhead.Array[0, 9].Select(items => items.Select((item, index) =>
            Webhead(index, item.spec, item.state, item.state == "running" ? item.verdict : Verdict.NotRegistered, item.zone)).ToList());

        Gen.Select(fleets, Gen.Int[1, 6], Gen.Int[1, 3], Gen.Int[1, 6], Gen.Bool).Sample((fleet, desired, size, least, canary) =>
        {
            var minHealthy = Math.Min(least, desired);
            var plan = RolloutPlanner.Plan(fleet, Goal(desired, size, minHealthy) with { Canary = canary });
            var serving = fleet.Where(one => one.Verdict.IsServing).Select(one => one.Id).ToHashSet();
            var next = 1000;
            foreach (var batch in plan.Batches)
            {
                for (var i = 0; i < batch.Launch.Values.Sum(); i++) serving.Add($"i-{next++}");
                serving.UnionWith(batch.Adopt);
                var loses = serving.Overlaps(batch.Retire);
                serving.ExceptWith(batch.Retire);
                if (loses && serving.Count < minHealthy) return false;
            }

            var known = fleet.ToDictionary(one => one.Id);
            return serving.Count == desired
                && serving.All(id => !known.TryGetValue(id, out var one) || one.LaunchSpec == "new")
                && plan.Batches.Count <= fleet.Count + desired;
        });
    }

    private static RolloutGoal Goal(int desired, int batchSize = 1, int? minHealthy = null) => new("new", desired, minHealthy ?? desired, batchSize, Zones);

    private static Webhead Webhead(int number, string spec, string state = "running", Verdict? verdict = null, string zone = "a") => new(
        $"i-{number}", zone, "127.0.0.1", state, spec, spec, DateTimeOffset.UnixEpoch.AddMinutes(number), verdict ?? InService);
}
