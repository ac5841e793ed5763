using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Tests.Aws;
using SyncStorage.Pipeline.Tests.Rollout;

namespace SyncStorage.Pipeline.Tests.Config;

public sealed class ConfigPushTests
{
    private const int Version = 8;
    private static readonly string[] Serving = ["i-1", "i-2", "i-3"];

    private readonly FakeFleetCloud cloud = new() { Configuration = Version };
    private readonly RecordingProgress progress = new();
    private ConfigPush push = null!;

    [SetUp]
    public void LaunchThree()
    {
        foreach (var id in Serving) cloud.Add(id, "release", registered: true);
        var waiter = new Waiter(new BudgetedTime(), progress);
        push = new ConfigPush(
            TestSettings.Local, new Fleet(cloud, TestSettings.Names, new Observation(cloud, TestSettings.Local, TestSettings.Names)),
            new RemoteCommands(cloud, TestSettings.Local, waiter), waiter, progress);
    }

    [Test]
    public async Task Run_AllTakeIt_NudgesEachOnce()
    {
        await push.RunAsync(Version, CancellationToken.None);

        Assert.That(cloud.Sent.Select(sent => sent.Instances), Is.EqualTo([3]));
    }

    [Test]
    public async Task Ensure_AllHaveToldBefore_AsksNobody()
    {
        await push.EnsureAsync(Version, CancellationToken.None);
        await push.EnsureAsync(Version, CancellationToken.None);

        Assert.That(cloud.Sent.Select(sent => sent.Instances), Is.EqualTo([3]));
        Assert.That(cloud.Changes, Is.EqualTo(["tag i-1,i-2,i-3"]));
    }

    [Test]
    public async Task Ensure_AllHadAnotherBefore_AsksAllOfThem()
    {
        await push.RunAsync(Version, CancellationToken.None);
        cloud.Configuration = Version + 1;

        await push.EnsureAsync(Version + 1, CancellationToken.None);

        Assert.That(cloud.Sent.Select(sent => sent.Instances), Is.EqualTo([3, 3]));
    }

    [Test]
    public async Task Ensure_OneWasOutOfServiceAndDidNotTakeIt_AsksAgain()
    {
        cloud.Behind["i-2"] = "access denied";
        cloud.Broken.Add("i-2");
        await push.EnsureAsync(Version, CancellationToken.None);
        cloud.Behind.Clear();

        await push.EnsureAsync(Version, CancellationToken.None);

        Assert.That(cloud.Sent.Select(sent => sent.Instances), Is.EqualTo([3, 3]));
        Assert.That(cloud.Changes, Is.EqualTo(["tag i-1,i-3", "tag i-2"]));
    }

    [Test]
    public async Task Run_OneIsLate_NudgesThatOneAlone()
    {
        cloud.Behind["i-2"] = "there is no parameter /sync2/secrets/sync9";
        cloud.Before = request =>
        {
            if (cloud.Sent.Count == 3) cloud.Behind.Clear();
        };

        await push.RunAsync(Version, CancellationToken.None);

        Assert.That(cloud.Sent.Select(sent => sent.Instances), Is.EqualTo([3, 1, 1]));
    }

    [TestCase(false, "i-2: has 7 (access denied)")]
    [TestCase(true, "i-2: no answer")]
    public async Task Run_OneNeverHasIt_SaysWhichAndWhy(bool hangs, string seen)
    {
        if (hangs) cloud.Hung.Add("i-2");
        else cloud.Behind["i-2"] = "access denied";

        var failure = (await Assert.ThrowsAsync<PipelineException>(() => push.RunAsync(Version, CancellationToken.None)))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.Code, Is.EqualTo(ErrorCode.ConfigurationNotTaken));
            Assert.That(failure.Message, Does.Contain("1 of 3").And.Contain("i-2").And.Not.Contain("i-1"));
            Assert.That(failure.LastSeen, Is.EqualTo(seen));
        }
    }

    [Test]
    public async Task Run_OneLeavesServiceMeanwhile_IsNotWaitedFor()
    {
        cloud.Hung.Add("i-2");
        cloud.Before = _ =>
        {
            if (cloud.Sent.Count > 0) cloud.Broken.Add("i-2");
        };

        await push.RunAsync(Version, CancellationToken.None);

        Assert.That(progress.Lines, Has.Some.Contains("i-2 is out of service, without configuration 8"));
    }

    [Test]
    public async Task Run_SomeOutOfService_AreToldAndNotWaitedFor()
    {
        cloud.Add("i-4", "old", registered: false);
        cloud.Behind["i-4"] = "too old to read it";

        await push.RunAsync(Version, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cloud.Sent.Select(sent => sent.Instances), Is.EqualTo([4]));
            Assert.That(progress.Lines, Has.Some.Contains("3 webheads have configuration 8").And.Some.Contains("i-4 is out of service"));
        }
    }

    [Test]
    public async Task Nudge_Some_GivesThoseThatAreBehind()
    {
        cloud.Behind["i-3"] = "access denied";

        var behind = await push.NudgeAsync(Serving, Version, CancellationToken.None);

        Assert.That(behind, Is.EqualTo(new Dictionary<string, string> { ["i-3"] = "has 7 (access denied)" }));
    }
}
