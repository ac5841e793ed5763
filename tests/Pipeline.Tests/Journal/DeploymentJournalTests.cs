using Microsoft.Extensions.Time.Testing;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Tests.Aws;

namespace SyncStorage.Pipeline.Tests.Journal;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DeploymentJournalTests : IDisposable
{
    private static readonly LaunchRequest Request = new("", "webhead", "ami-1", "t3.small", "sg-1", "profile", "#!/bin/sh", new Dictionary<string, string> { ["Release"] = "2" });
    private static readonly FleetTarget Target = new("2", "spec-2", Request);
    private static readonly Dictionary<ZoneSubnet, int> OneInA = new() { [new ZoneSubnet("a", "subnet-a")] = 1 };

    private readonly FakeTimeProvider time = new();
    private readonly RecordingProgress progress = new();
    private readonly MemoryBucket bucket;

    public DeploymentJournalTests() => bucket = new MemoryBucket(time);

    public void Dispose() => bucket.Dispose();

    [Test]
    public async Task BeginAsync_TheLastWasKilledInItsRollout_GoesOnWithItsIdAndWhatServed()
    {
        var killed = await BeginAsync("first");
        await killed.RolloutAsync(Target, [Webhead("old-1", "spec-1"), Webhead("old-2", "spec-1")], previous: null, CancellationToken.None);
        await killed.LeavingAsync("webhead", "batch 1 of 2: deregistering", ["old-1"], CancellationToken.None);

        var next = await BeginAsync("second");
        await next.RolloutAsync(Target, [Webhead("old-2", "spec-1"), Webhead("new-1", "spec-2")], previous: null, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(next.DeploymentId, Is.EqualTo("first"));
            Assert.That(next.Current, Has.Property("Runs").EqualTo(2).And.Property("PreviousRelease").EqualTo("spec-1"));
            Assert.That(next.Current!.Served, Is.EqualTo(["old-1", "old-2"]));
            Assert.That(next.Current.Left, Is.EqualTo(["old-1"]));
            Assert.That(progress.Lines.Single(), Does.Contain("going on with deployment first").And.Contain("batch 1 of 2: deregistering"));
        }
    }

    [Test]
    public async Task RolloutAsync_OfTheTokenServersInTheSameDeployment_KeepsWhatIsKnownOfTheWebheads()
    {
        var journal = await BeginAsync("first");
        await journal.RolloutAsync(Target, [Webhead("old-1", "spec-1")], previous: null, CancellationToken.None);

        await journal.RolloutAsync(new FleetTarget("t2", "spec-t2", Request with { Role = "tokenserver" }), [Webhead("token-1", "spec-t1")], previous: null, CancellationToken.None);
        await journal.LeavingAsync("tokenserver", "batch 1 of 1: deregistering", ["token-1"], CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(journal.Current, Has.Property("Release").EqualTo("2").And.Property("LaunchSpec").EqualTo("spec-2"));
            Assert.That(journal.Current!.Served, Is.EqualTo(["old-1"]));
            Assert.That(journal.Current.Left, Is.Empty);
            Assert.That(journal.Current.RolloutOf("tokenserver"), Has.Property("Release").EqualTo("t2").And.Property("PreviousRelease").EqualTo("spec-t1"));
            Assert.That(journal.Current.RolloutOf("tokenserver").Left, Is.EqualTo(["token-1"]));
        }
    }

    [Test]
    public async Task RolloutAsync_GoesOnButWithAnotherTarget_UndoingMeansWhatServesNow()
    {
        var killed = await BeginAsync("first");
        await killed.RolloutAsync(Target, [Webhead("old-1", "spec-1")], previous: null, CancellationToken.None);

        var next = await BeginAsync("second");
        await next.RolloutAsync(Target with { LaunchSpec = "spec-3" }, [Webhead("new-1", "spec-2")], previous: null, CancellationToken.None);

        Assert.That(next.Current!.Served, Is.EqualTo(["new-1"]));
    }

    [Test]
    public async Task BeginAsync_ARotationWhileADeploymentIsUnfinished_IsRefused()
    {
        await BeginAsync("first");

        Assert.That(() => BeginAsync("second", DeploymentKind.Rotate), Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.RotationStopped).And.Property("Hint").Contains("Deploy"));
    }

    [Test]
    public async Task BeginAsync_ADeploymentWhileARotationIsUnfinished_SaysThatItStaysSo()
    {
        await BeginAsync("first", DeploymentKind.Rotate);

        var next = await BeginAsync("second");

        Assert.That(next.DeploymentId, Is.EqualTo("second"));
        Assert.That(progress.Lines.Single(), Does.Contain("nothing of it is undone"));
    }

    [Test]
    public async Task BeginAsync_TheLastWasOfAnotherKind_IsGivenUpButItsLaunchIsNot()
    {
        var killed = await BeginAsync("first");
        await killed.LaunchingAsync("batch 1 of 1: launching", Request, OneInA, CancellationToken.None);

        var next = await BeginAsync("second", DeploymentKind.Rollback);

        Assert.That(next.DeploymentId, Is.EqualTo("second"));
        Assert.That(next.Unanswered!.Request.Deployment, Is.EqualTo("first"));
    }

    [Test]
    public async Task LaunchingAsync_Each_HasANumberOfItsOwnAlsoAcrossRuns()
    {
        var killed = await BeginAsync("first");
        var one = await killed.LaunchingAsync("x", Request, OneInA, CancellationToken.None);

        var next = await BeginAsync("second");
        var repeated = next.Unanswered!;
        await next.LaunchedAsync(CancellationToken.None);
        var two = await next.LaunchingAsync("x", Request, OneInA, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((one.Deployment, one.Step), Is.EqualTo(("first", "launch-1")));
            Assert.That((repeated.Request.Deployment, repeated.Request.Step, repeated.Request.UserData, repeated.Request.Tags["Release"]), Is.EqualTo(("first", "launch-1", "#!/bin/sh", "2")));
            Assert.That(repeated.Zones, Is.EqualTo([new PendingZone("a", "subnet-a", 1)]));
            Assert.That((two.Deployment, two.Step), Is.EqualTo(("first", "launch-2")));
        }
    }

    [Test]
    public async Task Unanswered_LongAgo_IsNotRepeated()
    {
        var killed = await BeginAsync("first");
        await killed.LaunchingAsync("x", Request, OneInA, CancellationToken.None);

        time.Advance(TimeSpan.FromHours(2));
        var next = await BeginAsync("second");

        Assert.That(next.Unanswered, Is.Null, "AWS has forgotten its client token, and would launch another");
    }

    private static IEnumerable<TestCaseData> Ends =>
    [
        new TestCaseData(null, true, false).SetName("EndAsync_PassedTheSmokeTest_IsClosed"),
        new TestCaseData(null, false, true).SetName("EndAsync_RolledButNotTested_StaysOpen"),
        new TestCaseData(ErrorCode.RolledBack, false, false).SetName("EndAsync_RolledBack_IsClosed"),
        new TestCaseData(ErrorCode.Interrupted, false, true).SetName("EndAsync_Interrupted_StaysOpen"),
        new TestCaseData(ErrorCode.Stuck, false, true).SetName("EndAsync_Stuck_StaysOpen"),
        new TestCaseData(ErrorCode.GateFailed, false, true).SetName("EndAsync_Failed_StaysOpen"),
    ];

    [TestCaseSource(nameof(Ends))]
    public async Task EndAsync_Rollout(ErrorCode? failure, bool completed, bool open)
    {
        var journal = await BeginAsync("first");
        await journal.RolloutAsync(Target, [], previous: null, CancellationToken.None);
        if (completed) journal.Complete();

        await journal.EndAsync(failure is { } code ? new PipelineException(code, "x") : null, CancellationToken.None);

        Assert.That(JournalDocument.TryParse(bucket.TextOf(DeploymentJournal.Key)), Has.Property("Open").EqualTo(open));
    }

    [Test]
    public async Task EndAsync_LockWasLost_WritesNothing()
    {
        var journal = await BeginAsync("first");
        bucket.Put(DeploymentJournal.Key, "another's");

        await journal.EndAsync(new PipelineException(ErrorCode.LockLost, "x"), CancellationToken.None);

        Assert.That(bucket.TextOf(DeploymentJournal.Key), Is.EqualTo("another's"));
    }

    [Test]
    public async Task StepAsync_AnswerWasLost_GoesOn()
    {
        var journal = await BeginAsync("first");
        bucket.LoseNextAnswer = true;

        await journal.StepAsync("one", CancellationToken.None);
        await journal.StepAsync("two", CancellationToken.None);

        Assert.That(JournalDocument.TryParse(bucket.TextOf(DeploymentJournal.Key)), Has.Property("Position").EqualTo("two"));
    }

    [Test]
    public async Task StepAsync_AnotherHasWritten_EndsTheRun()
    {
        var journal = await BeginAsync("first");
        await BeginAsync("second");

        Assert.That(() => journal.StepAsync("x", CancellationToken.None), Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.LockLost));
    }

    private async Task<DeploymentJournal> BeginAsync(string id, DeploymentKind kind = DeploymentKind.Deploy)
    {
        var journal = new DeploymentJournal(bucket.Objects, new RunOptions { RepositoryRoot = "/", DeploymentId = id }, time, progress);
        await journal.BeginAsync(kind, "Ensure-Bucket", CancellationToken.None);
        return journal;
    }

    private static Webhead Webhead(string id, string spec) =>
        new(id, "a", null, "running", spec, spec, DateTimeOffset.UnixEpoch, new Verdict("InService", ""));
}
