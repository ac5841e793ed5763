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
    public void Plan_FailsItsProbes_IsReplacedNotAdopted()
    {
        var ill = new Verdict("OutOfService", "Instance has failed at least the UnhealthyThreshold number of health checks consecutively.");

        var plan = RolloutPlanner.Plan([Webhead(1, "new"), Webhead(2, "new", verdict: ill)], Goal(2));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.Batches.SelectMany(batch => batch.Adopt), Is.Empty);
            Assert.That(plan.Batches.Sum(batch => batch.Launch.Values.Sum()), Is.EqualTo(1));
            Assert.That(plan.Batches.SelectMany(batch => batch.Retire), Is.EqualTo(["i-2"]));
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

        Gen.Select(fleets, Gen.Int[1, 6], Gen.Int[1, 3], Gen.Int[0, 6], Gen.Int[0, 3], Gen.Bool).Sample((fleet, desired, size, least, surge, canary) =>
        {
            var minHealthy = Math.Min(least, surge == 0 ? desired - 1 : desired);
            var plan = RolloutPlanner.Plan(fleet, Goal(desired, size, minHealthy) with { Canary = canary, Surge = surge });
            var serving = fleet.Where(one => one.Verdict.IsServing).Select(one => one.Id).ToHashSet();
            var most = Math.Max(serving.Count, desired + surge);
            var next = 1000;
            foreach (var batch in plan.Batches)
            {
                if (!Leave(batch.RetireFirst)) return false;
                for (var i = 0; i < batch.Launch.Values.Sum(); i++) serving.Add($"i-{next++}");
                serving.UnionWith(batch.Adopt);
                if (serving.Count > most || batch.Joining > Math.Max(size, desired) || !Leave(batch.Retire)) return false;
            }

            var known = fleet.ToDictionary(one => one.Id);
            return serving.Count == desired
                && serving.All(id => !known.TryGetValue(id, out var one) || one.LaunchSpec == "new")
                && plan.Batches.Count <= fleet.Count + desired;

            bool Leave(IReadOnlyList<string> ids)
            {
                var loses = serving.Overlaps(ids);
                serving.ExceptWith(ids);
                return !loses || serving.Count >= minHealthy;
            }
        });
    }

    [Test]
    public void Plan_NoSurge_AnOldOneLeavesBeforeTheNewOneJoins()
    {
        var plan = RolloutPlanner.Plan([Webhead(1, "old"), Webhead(2, "old")], Goal(2, minHealthy: 1) with { Surge = 0 });

        Assert.That(plan.Batches.Select(batch => (string.Join(",", batch.RetireFirst), batch.Joining, batch.Retire.Count)), Is.EqualTo([("i-1", 1, 0), ("i-2", 1, 0)]));
    }

    [Test]
    public void Plan_SurgeBelowTheBatchSize_MakesTheBatchesSmaller()
    {
        var plan = RolloutPlanner.Plan([Webhead(1, "old"), Webhead(2, "old"), Webhead(3, "old")], Goal(3, batchSize: 3) with { Surge = 1 });

        Assert.That(plan.Batches.Select(batch => (batch.Joining, batch.RetireFirst.Count, batch.Retire.Count)), Is.EqualTo([(1, 0, 1), (1, 0, 1), (1, 0, 1)]));
    }

    [Test]
    public void Plan_LopsidedFleet_RelievesTheFullestZoneFirst()
    {
        var plan = RolloutPlanner.Plan(
            [Webhead(1, "old", zone: "a"), Webhead(2, "old", zone: "b"), Webhead(3, "old", zone: "b"), Webhead(4, "old", zone: "b")], Goal(4));

        Assert.That(plan.Batches.SelectMany(batch => batch.Retire).First(), Is.EqualTo("i-2"));
        Assert.That(plan.Batches.SelectMany(batch => batch.Launch).GroupBy(pair => pair.Key).Select(zone => zone.Sum(pair => pair.Value)), Is.EquivalentTo([2, 1, 1]));
    }

    [Test]
    public void Plan_FewerDesired_KeepsThemInAsManyZonesAsThereAre()
    {
        var plan = RolloutPlanner.Plan(
            [Webhead(1, "new", zone: "a"), Webhead(2, "new", zone: "a"), Webhead(3, "new", zone: "a"), Webhead(4, "new", zone: "b"), Webhead(5, "new", zone: "c")], Goal(3));

        Assert.That(plan.Keep, Is.EquivalentTo(["i-1", "i-4", "i-5"]));
    }

    private static RolloutGoal Goal(int desired, int batchSize = 1, int? minHealthy = null) => new("new", desired, minHealthy ?? desired, batchSize, Zones);

    private static Webhead Webhead(int number, string spec, string state = "running", Verdict? verdict = null, string zone = "a") => new(
        $"i-{number}", zone, "127.0.0.1", state, spec, spec, DateTimeOffset.UnixEpoch.AddMinutes(number), verdict ?? InService);
}
