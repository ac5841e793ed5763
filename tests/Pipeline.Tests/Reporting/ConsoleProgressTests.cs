using Microsoft.Extensions.Time.Testing;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Tests.Reporting;

public sealed class ConsoleProgressTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly RunReport report;

    public ConsoleProgressTests() => report = new RunReport(new CallRecorder(), time);

    [Test]
    public void Stage_Done_PrintsWhatWasFoundChangedAndTheTime()
    {
        using var console = new TestConsole();
        using var progress = new ConsoleProgress(console.Console, report, time);

        using (var stage = progress.BeginStage("Ensure-DB"))
        {
            progress.Found("subnet group [sync2-db-subnets]");
            progress.Changed("created sync2-db0");
            time.Advance(TimeSpan.FromSeconds(75));
            stage.Done();
        }

        Assert.That(console.Lines, Is.EqualTo((string[])["Ensure-DB", "  = subnet group [sync2-db-subnets]", "  + created sync2-db0", "  1 min 15 s, 1 change"]));
        Assert.That(report.Stages.Single().Changes, Is.EqualTo((string[])["created sync2-db0"]));
    }

    [Test]
    public void Stage_NotDone_HasFailed()
    {
        using var console = new TestConsole();
        using var progress = new ConsoleProgress(console.Console, report, time);

        using (progress.BeginStage("Ensure-DB"))
        {
            time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.That(console.Lines[^1], Is.EqualTo("  failed after 2.0 s, no change"));
        Assert.That(report.Stages.Single().Failed, Is.True);
    }

    [Test]
    public void Waiting_NoTerminal_IsThinnedToChangesAndSignsOfLife()
    {
        using var console = new TestConsole();
        using var progress = new ConsoleProgress(console.Console, report, time);
        using var stage = progress.BeginStage("Ensure-DB");

        for (var tenths = 0; tenths <= 120; tenths++)
            progress.Waiting("db0", TimeSpan.FromSeconds(tenths / 10.0), tenths < 80 ? "creating" : "backing-up");

        Assert.That(console.Lines.Skip(1), Is.EqualTo((string[])
        [
            "  … waiting for db0: creating (1.0 s)",
            "  … waiting for db0: creating (6.0 s)",
            "  … waiting for db0: backing-up (8.0 s)",
        ]));
    }

    [Test]
    public void Waiting_Terminal_RewritesOneLineWhoseTimeGoesOn()
    {
        using var console = new TestConsole(terminal: true);
        using var progress = new ConsoleProgress(console.Console, report, time);
        using var stage = progress.BeginStage("Ensure-DB");

        progress.Waiting("db0", TimeSpan.FromSeconds(3), "creating");
        time.Advance(TimeSpan.FromSeconds(1));
        progress.Changed("created db0");

        var text = console.Text;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Contain("\r\u001b[2K  … db0: creating (3.0 s)"));
            Assert.That(text, Does.Contain("\r\u001b[2K  … db0: creating (4.0 s)"));
            Assert.That(text, Does.Contain("\r\u001b[2K  + created db0"));
        }
    }

    [Test]
    public void Stage_OnGitHub_IsAGroupAndNoticesAreAnnotations()
    {
        using var console = new TestConsole();
        using var progress = new ConsoleProgress(console.Console, report, time, new GitHubLog(console.Writer, null));

        using (var stage = progress.BeginStage("Bake-AMI"))
        {
            progress.Notice("100% of\nit");
            stage.Done();
        }

        Assert.That(console.Lines, Is.EqualTo((string[])
            ["::group::Bake-AMI", "Bake-AMI", "  ! 100% of", "it", "::notice::100%25 of%0Ait", "  0.0 s, no change", "::endgroup::"]));
    }

    [Test]
    public void WriteFailure_Plain_SaysWhatLastSeenAndNext()
    {
        using var console = new TestConsole();
        var failure = new PipelineException(ErrorCode.BatchNotInService, "Batch 2: i-3 [old] is out.", lastSeen: "OutOfService", hint: "./build.sh --target=Status");

        console.Console.WriteFailure(failure, new GitHubLog(console.Writer, null));

        Assert.That(console.Lines, Is.EqualTo((string[])
        [
            "error SSD1602: Batch 2: i-3 [old] is out.", "  last seen: OutOfService", "  next: ./build.sh --target=Status",
            "::error title=SSD1602::Batch 2: i-3 [old] is out.%0A./build.sh --target=Status",
        ]));
    }

    [Test]
    public void WriteFailure_Terminal_IsAPanelWithTheCode()
    {
        using var console = new TestConsole(terminal: true);

        console.Console.WriteFailure(new PipelineException(ErrorCode.Locked, "alice deploys."));

        Assert.That(console.Text, Does.Contain("error SSD1701").And.Contain("alice deploys."));
    }

    [Test]
    public void WriteSummary_Cluster_ShowsEveryPart()
    {
        using var console = new TestConsole();

        console.Console.WriteSummary(new ClusterSummary(
            [new SummaryWebhead("i-1", "us-east-1a", "127.77.0.31", "0.1.0-abc", "in service", "ok"), new SummaryWebhead("i-2", null, null, null, "out of service", null)],
            [new SummaryDatabase("sync2-db0", "available", "127.77.0.11:3306", ["sync0.localhost", "sync1.localhost"])],
            new SummaryCache("sync2-cache", "available", "127.77.0.21:11211", 1),
            new Uri("http://127.0.0.1:8080")), DateTimeOffset.UnixEpoch);

        foreach (var part in (string[])["i-1", "us-east-1a", "127.77.0.31", "0.1.0-abc", "in service", "sync0.localhost, sync1.localhost", "1 cache node", "http://127.0.0.1:8080/"])
            Assert.That(console.Text, Does.Contain(part));
    }

    [TestCase(0.04, "0.0 s")]
    [TestCase(9.96, "10.0 s")]
    [TestCase(42.9, "42 s")]
    [TestCase(200, "3 min 20 s")]
    [TestCase(3900, "1 h 5 min")]
    public void ForPeople_Duration_IsShort(double seconds, string expected)
    {
        Assert.That(TimeSpan.FromSeconds(seconds).ForPeople(), Is.EqualTo(expected));
    }
}
