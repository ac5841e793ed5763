using CsCheck;
using SyncStorage.Pipeline.Rollout;

namespace SyncStorage.Pipeline.Tests.Rollout;

public sealed class FleetHealthTests
{
    private static readonly RolloutGoal Goal = new("now", 3, 3, 1, ["a", "b", "c"]);

    [Test]
    public void Well_OneDegradedOneSilentOneGood_KeepsTheGoodAndReplacesTheOthers()
    {
        Webhead[] fleet = [One("i-1"), One("i-2"), One("i-3")];
        var heartbeats = new Dictionary<string, string> { ["i-1"] = "ok", ["i-2"] = "degraded" };

        var plan = Plan(fleet, heartbeats);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.Keep, Is.EqualTo(["i-1"]));
            Assert.That(plan.Batches.Sum(batch => batch.Joining), Is.EqualTo(2));
            Assert.That(plan.Batches.SelectMany(batch => batch.Retire), Is.EquivalentTo(["i-2", "i-3"]));
        }
    }

    [Test]
    public void Well_AllAreDegraded_IsTheDatabaseAndNobodyIsReplaced()
    {
        Webhead[] fleet = [One("i-1"), One("i-2"), One("i-3")];

        var plan = Plan(fleet, fleet.ToDictionary(webhead => webhead.Id, _ => "degraded"));

        Assert.That(plan.IsEmpty, Is.True);
    }

    [Test]
    public void Well_GoodButNotRegistered_IsAdopted()
    {
        Webhead[] fleet = [One("i-1"), One("i-2"), One("i-3") with { Verdict = Verdict.NotRegistered }];

        var plan = Plan(fleet, fleet.ToDictionary(webhead => webhead.Id, _ => "ok"));

        Assert.That(plan.Batches.Single(), Has.Property("Adopt").EqualTo(new[] { "i-3" }).And.Property("Launch").Empty);
    }

    [Test]
    public void Well_LaunchedFromOtherSettingsButWell_Stays()
    {
        Webhead[] fleet = [One("i-1") with { LaunchSpec = "other type" }, One("i-2"), One("i-3")];

        Assert.That(Plan(fleet, fleet.ToDictionary(webhead => webhead.Id, _ => "ok")).IsEmpty, Is.True);
    }

    [Test]
    public void ReleaseOf_HalfRolled_IsWhatMostServe()
    {
        Webhead[] fleet = [One("i-1"), One("i-2"), One("i-3") with { Release = "2" }, One("i-4") with { Release = "2", Verdict = Verdict.NotRegistered }];

        Assert.That(FleetHealth.ReleaseOf(fleet), Is.EqualTo("1"));
    }

    [Test]
    public void Plan_AnyFleetAndHeartbeats_EndsWithTheDesiredNumberOfGoodOnes()
    {
        Gen.Select(Gen.Int[0, 3].Array[0, 8], Gen.Int[0, 3].Array[8]).Sample((states, beats) =>
        {
            Webhead[] fleet = [.. states.Select((state, index) => One($"i-{index}") with
            {
                State = state == 0 ? "stopped" : "running",
                Verdict = state switch { 1 => Verdict.NotRegistered, 2 => new Verdict("OutOfService", ""), _ => new Verdict("InService", "") },
            })];
            var heartbeats = fleet.Where((webhead, index) => webhead.IsRunning && beats[index] > 0)
                .ToDictionary(webhead => webhead.Id, webhead => beats[int.Parse(webhead.Id[2..], System.Globalization.CultureInfo.InvariantCulture)] == 1 ? "degraded" : "ok");

            var plan = Plan(fleet, heartbeats);

            var joining = plan.Batches.Sum(batch => batch.Joining);
            return plan.Keep.Count + joining == Goal.Desired && !plan.Keep.Intersect(plan.Batches.SelectMany(batch => batch.Retire)).Any();
        });
    }

    private static RolloutPlan Plan(Webhead[] fleet, Dictionary<string, string> heartbeats) =>
        RolloutPlanner.Plan(FleetHealth.Marked(fleet, FleetHealth.Well(fleet, "1", heartbeats), "now"), Goal);

    private static Webhead One(string id) => new(id, "a", null, "running", "1", "now", DateTimeOffset.UnixEpoch, new Verdict("InService", ""));
}
