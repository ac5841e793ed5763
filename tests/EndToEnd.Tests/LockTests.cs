using SyncStorage.TestSupport;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>One deployment at a time; one that was killed keeps the next waiting for its lease, and no longer.</summary>
[Category(Categories.EndToEnd)]
[NonParallelizable]
public sealed class LockTests
{
    private static readonly string[] AnotherType = ["--set", "webheads.instanceType=t3.medium"];
    private static readonly string[] FirstOfTwo = ["--exclusive", "--lock-wait=4m"];
    private static readonly string[] ShortLease = ["--set", "deployment.lockLeaseSeconds=5", "--set", "deployment.attemptSeconds=10"];

    [Test]
    public async Task Deploy_AnotherRunsThenIsKilled_FirstRefusedThenTakesOverAndConverges()
    {
        await using var cluster = new Cluster();
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

    // Until the rollout has launched something: then the lock is held for some seconds to come.
    private static async Task WaitForAsync(CloudView cloud, Task running)
    {
        while (!running.IsCompleted && (await cloud.InstancesAsync("webhead")).Count == 3)
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
    }
}
