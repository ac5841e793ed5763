using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Pipeline.Tests.Planning;

public sealed class PlanSummaryTests
{
    [Test]
    public void Markdown_NoChange_SaysSo()
    {
        Assert.That(PlanSummary.Markdown("sync2", "production", []), Is.EqualTo("### Plan for sync2 (production): nothing to change\n\n"));
    }

    [Test]
    public void Markdown_Changes_AreLinesOfADiffThatNoValueCanEnd()
    {
        var summary = PlanSummary.Markdown("sync2", "production",
        [
            new(ChangeKind.Create, "database sync2-db1", "db.m7g.large"),
            new(ChangeKind.Update, "database sync2-db0", "instance class") { From = "db.t3.small", To = "db.m7g.large", Note = "interrupts it" },
            new(ChangeKind.Delete, "image ami-1", "```\nold"),
        ]);

        var lines = summary.TrimEnd().Split('\n');
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines[0], Is.EqualTo("### Plan for sync2 (production): 3 changes"));
            Assert.That(lines[2..4], Is.EqualTo(["```diff", "+ database sync2-db1: db.m7g.large"]));
            Assert.That(lines[4], Does.StartWith("! database sync2-db0: instance class").And.Contain("db.t3.small").And.Contain("db.m7g.large").And.EndsWith("(interrupts it)"));
            Assert.That(lines[5..], Is.EqualTo(["- image ami-1: ''' old", "```"]));
        }
    }
}
