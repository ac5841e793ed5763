using Amazon.EC2.Model;
using Amazon.ElasticLoadBalancing.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Aws;

namespace SyncStorage.Pipeline.Tests.Rollout;

public sealed class RolloutUndoTests : IDisposable
{
    private static readonly PipelineException Failure = new(ErrorCode.GateFailed, "the gate", lastSeen: "degraded", hint: "look");

    private readonly FakeFleetCloud cloud = new();
    private readonly RecordingProgress progress = new();
    private readonly BudgetedTime time = new();
    private readonly MemoryBucket bucket;
    private readonly RunReport report;
    private readonly RolloutUndo undo;
    private readonly RolloutCompletion completion;

    public RolloutUndoTests()
    {
        bucket = new MemoryBucket(time);
        var options = new RunOptions { RepositoryRoot = "/" };
        var settings = TestSettings.Local with { Webheads = new WebheadSettings { Count = 2, Port = 8000 } };
        var observation = new Observation(cloud, settings, TestSettings.Names);
        var waiter = new Waiter(time, progress);
        var fleet = new Fleet(cloud, TestSettings.Names, observation);
        var launcher = new InstanceLauncher(cloud, settings, TestSettings.Names, observation, options, waiter, time);
        report = new RunReport(new CallRecorder(), time);
        undo = new RolloutUndo(settings, observation, fleet, new FleetWaits(settings, fleet, waiter, time), launcher, report, time, progress);
        completion = new RolloutCompletion(fleet, launcher, undo, new DeploymentJournal(bucket.Objects, options, time, progress), progress);
    }

    public void Dispose() => bucket.Dispose();

    [Test]
    public async Task Unwind_SecondBatchFailed_PutsTheOldBackBeforeTheNewLeave()
    {
        var run = HalfRolled();

        var thrown = await UnwindAsync(run, Failure, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cloud.Changes, Is.EqualTo(["register old-1", "deregister new-1", "terminate new-1,new-2"]));
            Assert.That(cloud.Registered, Is.EqualTo(["old-1", "old-2"]));
            Assert.That(thrown, Has.Property("Code").EqualTo(ErrorCode.RolledBack).And.Property("LastSeen").EqualTo("degraded"));
            Assert.That(report.Webheads.Select(webhead => (webhead.Id, webhead.Serving)), Is.EqualTo([("old-1", true), ("old-2", true)]));
        }
    }

    [Test]
    public async Task Unwind_OldDoesNotServeAgain_IsStuckAndKeepsTheNew()
    {
        var run = HalfRolled();
        cloud.Broken.Add("old-1");

        var thrown = await UnwindAsync(run, Failure, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown, Has.Property("Code").EqualTo(ErrorCode.Stuck));
            Assert.That(thrown, Has.Message.Contains("the gate").And.Property("LastSeen").Contains("new-1"));
            Assert.That(cloud.Running, Does.Contain("new-1"), "it serves, and the old one does not");
        }
    }

    [Test]
    public async Task Unwind_NothingServedBefore_RemovesTheNewAndThrowsTheFailure()
    {
        cloud.Add("new-1", "new", registered: true);
        var run = new RolloutRun("new", []);
        run.Joining.Add("new-1");

        var thrown = await UnwindAsync(run, Failure, CancellationToken.None);

        Assert.That(thrown, Is.SameAs(Failure));
        Assert.That(cloud.Running, Is.Empty);
    }

    [Test]
    public async Task Unwind_Interrupted_OnlyPutsTheOldBack()
    {
        var run = HalfRolled();
        var interruption = new OperationCanceledException();
        time.LongestWait = TimeSpan.Zero;

        var thrown = await undo.UnwindAsync(run, interruption, new CancellationToken(canceled: true));

        Assert.That(thrown, Is.SameAs(interruption));
        Assert.That(cloud.Changes, Is.EqualTo(["register old-1"]));
    }

    [Test]
    public async Task Unwind_CallGaveUpWithoutInterruption_RollsBack()
    {
        var thrown = await UnwindAsync(HalfRolled(), new TaskCanceledException("no answer"), CancellationToken.None);

        Assert.That(thrown, Has.Property("Code").EqualTo(ErrorCode.RolledBack));
        Assert.That(cloud.Registered, Is.EqualTo(["old-1", "old-2"]));
    }

    [Test]
    public async Task Unwind_InterruptedWhileRollingBack_StopsAndIsInterrupted()
    {
        using var interruption = new CancellationTokenSource();
        time.LongestWait = TimeSpan.Zero;
        cloud.Before = request =>
        {
            if (request is DeregisterInstancesFromLoadBalancerRequest) interruption.Cancel();
        };

        var thrown = await UnwindAsync(HalfRolled(), Failure, interruption.Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown, Has.Property("Code").EqualTo(ErrorCode.Interrupted).And.Message.Contains("the gate"));
            Assert.That(cloud.Registered, Does.Contain("old-1").And.Contain("old-2"));
        }
    }

    [Test]
    public async Task Failed_PreviousReleaseWasKept_GoesBackToIt()
    {
        cloud.Add("old-1", "old", registered: false);
        cloud.Add("new-1", "new", registered: true);

        var thrown = Failures.Explain(await completion.FailedAsync(new IOException("no answer"), CancellationToken.None));

        Assert.That(thrown, Has.Property("Code").EqualTo(ErrorCode.RolledBack));
        Assert.That(cloud.Registered, Is.EqualTo(["old-1"]));
    }

    [Test]
    public async Task Failed_OnlySurplusOfTheSameReleaseWasKept_IsNoWayBack()
    {
        cloud.Add("same-1", "new", registered: false);
        cloud.Add("same-2", "new", registered: true);

        var thrown = await completion.FailedAsync(Failure, CancellationToken.None);

        Assert.That(thrown, Is.SameAs(Failure));
        Assert.That(cloud.Changes, Is.Empty);
    }

    [Test]
    public async Task Failed_AwsIsGone_ThrowsTheFirstFailure()
    {
        cloud.Before = request =>
        {
            if (request is DescribeInstancesRequest) throw new HttpRequestException("unplugged");
        };

        Assert.That(await completion.FailedAsync(Failure, CancellationToken.None), Is.SameAs(Failure));
        Assert.That(progress.Lines, Has.One.Contains("unplugged"));
    }

    [Test]
    public async Task Passed_SmallerFleet_TerminatesTheSurplusOfTheSameRelease()
    {
        cloud.Add("same-1", "new", registered: false);
        cloud.Add("same-2", "new", registered: true);

        await completion.PassedAsync(CancellationToken.None);

        Assert.That(cloud.Running, Is.EqualTo(["same-2"]));
    }

    private async Task<PipelineException> UnwindAsync(RolloutRun run, Exception failure, CancellationToken cancellationToken) =>
        Failures.Explain(await undo.UnwindAsync(run, failure, cancellationToken));

    /// <summary>The first of two was replaced; the second new one did not pass.</summary>
    private RolloutRun HalfRolled()
    {
        cloud.Add("old-1", "old", registered: false);
        cloud.Add("old-2", "old", registered: true);
        cloud.Add("new-1", "new", registered: true);
        cloud.Add("new-2", "new", registered: false);
        var run = new RolloutRun("new", ["old-1", "old-2"]);
        run.Left.Add("old-1");
        run.Joining.AddRange(["new-1", "new-2"]);
        return run;
    }

    /// <summary>Waits, up to the longest, take no time; what is longer, like a budget, does not run out.</summary>
    private sealed class BudgetedTime : TimeProvider
    {
        private long ticks;

        public TimeSpan LongestWait { get; set; } = TimeSpan.FromMinutes(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(this, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }

        private sealed class Timer(BudgetedTime time, TimerCallback callback, object? state) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                if (dueTime < TimeSpan.Zero || dueTime > time.LongestWait) return true;
                Interlocked.Add(ref time.ticks, dueTime.Ticks);
                ThreadPool.QueueUserWorkItem(_ => callback(state));
                return true;
            }

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
