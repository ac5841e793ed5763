using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Tests.Reporting;

namespace SyncStorage.Pipeline.Tests.Planning;

public sealed class PlanTableTests
{
    [Test]
    public void WriteChanges_SeveralOfOneResource_AreUnderItWithOldAndNewValues()
    {
        using var console = new TestConsole();

        console.Console.WriteChanges(
        [
            PlannedChange.Of(ChangeKind.Update, "database sync2-db0", new ValueChange("class", "db.t3.small", "db.m7g.large")) with { Note = "downtime: wants --approve=sync2" },
            new PlannedChange(ChangeKind.Create, "secrets", "/sync2/master-secret") { To = "generated" },
            PlannedChange.Of(ChangeKind.Update, "database sync2-db0", new ValueChange("backups", "0 days", "7 days")),
            new PlannedChange(ChangeKind.Delete, "security group sync2-sg-web", "allow tcp 22 from 10.0.0.0/8"),
        ]);

        Assert.That(console.Lines.Select(line => line.TrimEnd()), Is.EqualTo(
        [
            "  database sync2-db0",
            "    ~ class: db.t3.small → db.m7g.large  downtime: wants --approve=sync2",
            "    ~ backups: 0 days → 7 days",
            "  secrets",
            "    + /sync2/master-secret: generated",
            "  security group sync2-sg-web",
            "    - allow tcp 22 from 10.0.0.0/8",
        ]));
    }

    [Test]
    public void FleetChanges_CanaryThenBatch_SaysWhoComesWhereAndWhoLeaves()
    {
        Webhead[] webheads = [Webhead("i-1", "old", "InService"), Webhead("i-2", "old", "OutOfService"), Webhead("i-3", "old", "InService") with { State = "stopped" }];
        var plan = new RolloutPlan(
            [],
            [new Batch(new Dictionary<string, int> { ["us-east-1a"] = 1 }, [], ["i-2"]) { IsCanary = true }, new Batch(new Dictionary<string, int>(), ["i-9"], ["i-1"])],
            ["i-3"]);

        var changes = FleetChanges.Of(plan, webheads, "0.2.0-new");

        Assert.That(changes.Select(change => change.ToString()), Is.EqualTo(
        [
            "delete fleet: i-3 is stopped: terminated",
            "replace fleet: batch 1 of 2, the canary launch 1 in us-east-1a with 0.2.0-new; then i-2 (old, us-east-1b, not serving) leaves",
            "replace fleet: batch 2 of 2 register i-9; then i-1 (old, us-east-1b) leaves",
        ]));
    }

    private static Webhead Webhead(string id, string release, string verdict) =>
        new(id, "us-east-1b", null, "running", release, "spec", DateTimeOffset.UnixEpoch, new Verdict(verdict, ""));
}
