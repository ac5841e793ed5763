using System.Text.Json.Nodes;
using SyncStorage.TestSupport;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>Commands of the operator's around a real deployment.</summary>
[Category(Categories.EndToEnd)]
[NonParallelizable]
public sealed class HookTests
{
    [Test]
    public async Task Deploy_HookBeforeTheSmokeTestFails_NothingStaysHalfAndTheLastHookHearsOfIt()
    {
        await using var cluster = new Cluster { Log = TestContext.Out };
        var first = await cluster.RunAsync("Deploy");
        Assert.That(first.ExitCode, Is.Zero, first.Output);
        var heard = Path.Combine(cluster.StateDirectory, "heard.json");
        string[] hooks =
        [
            "--set", """hooks=[{"stage":"Smoke-Test","when":"before","command":["/bin/sh","-c","echo not on a Friday; exit 1"]},{"stage":"Deploy","when":"after","command":["/bin/sh","-c","cat > HEARD"]}]"""
                .Replace("HEARD", heard, StringComparison.Ordinal),
        ];

        var run = await cluster.RunAsync("Deploy", [.. hooks, "--set", "webheads.instanceType=t3.medium"]);

        var plan = await cluster.RunAsync("Plan", "--exclusive", "--detailed-exit-code");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.EqualTo(4), run.Output);
            Assert.That(run.Output, Does.Contain("not on a Friday"));
            Assert.That((string?)JsonNode.Parse(await File.ReadAllTextAsync(heard))!["result"], Is.EqualTo("rolledBack"));
            Assert.That(plan.ExitCode, Is.Zero, plan.Output);
        }
    }

    [Test]
    public async Task Deploy_InterruptedWhileAHookRuns_EndsItAndIsOverInTime()
    {
        await using var cluster = new Cluster { Log = TestContext.Out };
        var hooks = """hooks=[{"stage":"Ensure-Bucket","when":"before","command":["/bin/sh","-c","sleep 3600 & wait # of a test"]}]""";

        // SIGTERM, since SIGINT is ignored by whatever a script has started in the background, tests included.
        var run = await cluster.RunAsync("Ensure-Bucket", ("account ", "TERM"), "--set", hooks);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.EqualTo(130), run.Output);
            Assert.That(run.AfterSignal, Is.LessThan(TimeSpan.FromSeconds(7)), run.Output);
        }
    }
}
