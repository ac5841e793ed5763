using System.Text.Json.Nodes;
using SyncStorage.TestSupport;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>
/// One deployment at a time; one that was killed keeps the next waiting for its lease, and no longer. Commands of the operator's around a deployment: one that
/// fails stops it. At last the cluster gets a token server of its own.
/// </summary>
[Category(Categories.EndToEnd)]
public sealed class OperatorTests
{
    private static readonly string[] AnotherType = ["--set", "webheads.instanceType=t3.medium"];
    private static readonly string[] FirstOfTwo = ["--exclusive", "--lock-wait=4m"];
    private static readonly string[] ShortLease = ["--set", "deployment.lockLeaseSeconds=5", "--set", "deployment.attemptSeconds=10"];

    [Test]
    public async Task Deploy_AnotherRunsThenIsKilledThenAHookFailsThenWithATokenServer_OneAtATimeAndNothingStaysHalf()
    {
        await using var cluster = new Cluster { Log = TestContext.Out, Own = Checkouts.New() };
        await TakesOverFromAKilledOneAsync(cluster);
        await IsStoppedByAHookAsync(cluster);
        using var tokenServers = new TokenServers(cluster, AnotherType);
        await tokenServers.AreDeployedAsync();
        await tokenServers.AreKeptAsync();
        await tokenServers.TakeNewCredentialsAsync();
        await tokenServers.LeaveANodeAsync();
    }

    private static async Task TakesOverFromAKilledOneAsync(Cluster cluster)
    {
        Assert.That((await cluster.RunAsync("Plan")).ExitCode, Is.Zero, "LocalCloud runs");
        var firsts = await Task.WhenAll(cluster.RunAsync("Ensure-Bucket", FirstOfTwo), cluster.RunAsync("Ensure-Bucket", FirstOfTwo));
        Assert.That(firsts.Select(run => run.ExitCode), Is.All.Zero, "two first deployments at once: one after the other");
        var first = await cluster.RunAsync("Deploy");
        Assert.That(first.ExitCode, Is.Zero, first.Output);
        using var cloud = new CloudView(cluster);

        var running = cluster.RunAsync("Deploy", ("batch 2 of 3: ", "KILL"), [.. AnotherType, .. ShortLease]);
        await WaitForAsync(cloud, running);
        var refused = await cluster.RunAsync("Rolling-Deploy", "--exclusive", "--lock-wait=0");
        var killed = await running;
        var next = await cluster.RunAsync("Deploy", [.. AnotherType, .. ShortLease]);

        var history = await cluster.RunAsync("History");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.ExitCode, Is.EqualTo(3), refused.Output);
            Assert.That(refused.Output, Does.Contain("Another deployment holds the lock").And.Contain("Deploy, since"));
            Assert.That(killed.ExitCode, Is.EqualTo(128 + 9));
            Assert.That(next.ExitCode, Is.Zero, next.Output);
            Assert.That(next.Output, Does.Contain("going on with deployment"));
            Assert.That(history.Output, Does.Contain("succeeded in 2 runs"));
            Assert.That(await cloud.InstancesAsync("webhead"), Has.Count.EqualTo(3), "no orphan");
        }
    }

    private static async Task IsStoppedByAHookAsync(Cluster cluster)
    {
        var heard = Path.Combine(cluster.StateDirectory, "heard.json");
        string[] hooks =
        [
            "--set", """hooks=[{"stage":"Smoke-Test","when":"before","command":["/bin/sh","-c","echo not on a Friday; exit 1"]},{"stage":"Deploy","when":"after","command":["/bin/sh","-c","cat > HEARD"]}]"""
                .Replace("HEARD", heard, StringComparison.Ordinal),
        ];

        var run = await cluster.RunAsync("Deploy", [.. hooks, "--set", "webheads.instanceType=t3.large"]);

        var plan = await cluster.RunAsync("Plan", [.. AnotherType, "--exclusive", "--detailed-exit-code"]);
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
        await using var cluster = new Cluster { Log = TestContext.Out, Own = Checkouts.New() };
        var hooks = """hooks=[{"stage":"Ensure-Bucket","when":"before","command":["/bin/sh","-c","sleep 3600 & wait # of a test"]}]""";

        // SIGTERM, since SIGINT is ignored by whatever a script has started in the background, tests included.
        var run = await cluster.RunAsync("Ensure-Bucket", ("account ", "TERM"), "--set", hooks);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.EqualTo(130), run.Output);
            Assert.That(run.AfterSignal, Is.LessThan(TimeSpan.FromSeconds(7)), run.Output);
        }
    }

    // Until the rollout has launched something: then the lock is held for some seconds to come.
    private static async Task WaitForAsync(CloudView cloud, Task running)
    {
        while (!running.IsCompleted && (await cloud.InstancesAsync("webhead")).Count == 3)
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
    }
}
