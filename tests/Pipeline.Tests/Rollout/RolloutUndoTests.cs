using Amazon.EC2.Model;
using Amazon.ElasticLoadBalancing.Model;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Rollout;

public sealed class RolloutUndoTests : IDisposable
{
    private static readonly PipelineException Failure = new(ErrorCode.GateFailed, "the gate", lastSeen: "degraded", hint: "look");

    private readonly RolloutWorld world = new(TestSettings.Local with { Webheads = new WebheadSettings { Count = 2, Port = 8000 } });

    private FakeFleetCloud Cloud => world.Cloud;

    public void Dispose() => world.Dispose();

    [Test]
    public async Task Unwind_SecondBatchFailed_PutsTheOldBackBeforeTheNewLeave()
    {
        var run = HalfRolled();

        var thrown = await UnwindAsync(run, Failure, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Cloud.Changes, Is.EqualTo(["register old-1", "deregister new-1", "terminate new-1,new-2"]));
            Assert.That(Cloud.Registered, Is.EqualTo(["old-1", "old-2"]));
            Assert.That(thrown, Has.Property("Code").EqualTo(ErrorCode.RolledBack).And.Property("LastSeen").EqualTo("degraded"));
            Assert.That(world.Report.Webheads.Select(webhead => (webhead.Id, webhead.Serving)), Is.EqualTo([("old-1", true), ("old-2", true)]));
        }
    }

    [Test]
    public async Task Unwind_OldDoesNotServeAgain_IsStuckAndKeepsTheNew()
    {
        var run = HalfRolled();
        Cloud.Broken.Add("old-1");

        var thrown = await UnwindAsync(run, Failure, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown, Has.Property("Code").EqualTo(ErrorCode.Stuck));
            Assert.That(thrown, Has.Message.Contains("the gate").And.Property("LastSeen").Contains("new-1"));
            Assert.That(Cloud.Running, Does.Contain("new-1"), "it serves, and the old one does not");
        }
    }

    [Test]
    public async Task Unwind_AwsAnswersNoMore_IsStuckWithAnAccount()
    {
        var run = HalfRolled();
        Cloud.Before = _ => throw new TimeoutException("The operation was canceled.");

        var thrown = await UnwindAsync(run, Failure, CancellationToken.None);

        Assert.That(thrown, Has.Property("Code").EqualTo(ErrorCode.Stuck).And.Property("LastSeen").Contains("old-1").And.Property("Hint").Not.Empty);
    }

    [Test]
    public async Task Unwind_NothingServedBefore_RemovesTheNewAndThrowsTheFailure()
    {
        Cloud.Add("new-1", "new", registered: true);
        var run = new RolloutRun("new", []);
        run.Joining.Add("new-1");

        var thrown = await UnwindAsync(run, Failure, CancellationToken.None);

        Assert.That(thrown, Is.SameAs(Failure));
        Assert.That(Cloud.Running, Is.Empty);
    }

    [Test]
    public async Task Unwind_Interrupted_OnlyPutsTheOldBack()
    {
        var run = HalfRolled();
        var interruption = new OperationCanceledException();
        world.Time.LongestWait = TimeSpan.Zero;

        var thrown = await world.Undo.UnwindAsync(run, interruption, new CancellationToken(canceled: true));

        Assert.That(thrown, Is.SameAs(interruption));
        Assert.That(Cloud.Changes, Is.EqualTo(["register old-1"]));
    }

    [Test]
    public async Task Unwind_CallGaveUpWithoutInterruption_RollsBack()
    {
        var thrown = await UnwindAsync(HalfRolled(), new TaskCanceledException("no answer"), CancellationToken.None);

        Assert.That(thrown, Has.Property("Code").EqualTo(ErrorCode.RolledBack));
        Assert.That(Cloud.Registered, Is.EqualTo(["old-1", "old-2"]));
    }

    [Test]
    public async Task Unwind_InterruptedWhileRollingBack_StopsAndIsInterrupted()
    {
        using var interruption = new CancellationTokenSource();
        world.Time.LongestWait = TimeSpan.Zero;
        Cloud.Before = request =>
        {
            if (request is DeregisterInstancesFromLoadBalancerRequest) interruption.Cancel();
        };

        var thrown = await UnwindAsync(HalfRolled(), Failure, interruption.Token);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown, Has.Property("Code").EqualTo(ErrorCode.Interrupted).And.Message.Contains("the gate"));
            Assert.That(Cloud.Registered, Does.Contain("old-1").And.Contain("old-2"));
        }
    }

    [Test]
    public async Task Failed_PreviousReleaseWasKept_GoesBackToIt()
    {
        Cloud.Add("old-1", "old", registered: false);
        Cloud.Add("new-1", "new", registered: true);

        var thrown = Failures.Explain(await world.Completion.FailedAsync(new IOException("no answer"), CancellationToken.None));

        Assert.That(thrown, Has.Property("Code").EqualTo(ErrorCode.RolledBack));
        Assert.That(Cloud.Registered, Is.EqualTo(["old-1"]));
    }

    [Test]
    public async Task Failed_OnlySurplusOfTheSameReleaseWasKept_IsNoWayBack()
    {
        Cloud.Add("same-1", "new", registered: false);
        Cloud.Add("same-2", "new", registered: true);

        var thrown = await world.Completion.FailedAsync(Failure, CancellationToken.None);

        Assert.That(thrown, Is.SameAs(Failure));
        Assert.That(Cloud.Changes, Is.Empty);
    }

    [Test]
    public async Task Failed_KeptHadNeverServed_IsNoWayBack()
    {
        Cloud.Add("idle-1", "idle", registered: false);
        await world.RollAsync("new", CancellationToken.None);

        var thrown = await world.Completion.FailedAsync(Failure, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thrown, Is.SameAs(Failure));
            Assert.That(Cloud.Registered, Is.EqualTo(["new+1", "new+2"]));
        }
    }

    [Test]
    public async Task Failed_KeptWasRegisteredAndOutOfService_GoesBackToIt()
    {
        Cloud.Add("old-1", "old", registered: true);
        Cloud.Broken.Add("old-1");
        await world.RollAsync("new", CancellationToken.None);
        Cloud.Broken.Clear();

        var thrown = await world.Completion.FailedAsync(Failure, CancellationToken.None);

        Assert.That(Failures.Explain(thrown).Code, Is.EqualTo(ErrorCode.RolledBack), "it was the load balancer's health check that was wrong");
        Assert.That(Cloud.Registered, Is.EqualTo(["old-1"]));
    }

    [Test]
    public async Task Failed_InterruptedWhileItLooks_IsInterrupted()
    {
        using var interruption = new CancellationTokenSource();
        Cloud.Before = request =>
        {
            if (request is DescribeInstancesRequest) interruption.Cancel();
            interruption.Token.ThrowIfCancellationRequested();
        };

        var thrown = Failures.Explain(await world.Completion.FailedAsync(Failure, interruption.Token));

        Assert.That(thrown, Has.Property("Code").EqualTo(ErrorCode.Interrupted).And.Message.Contains("the gate"));
    }

    [Test]
    public async Task Failed_AwsIsGone_ThrowsTheFirstFailure()
    {
        Cloud.Before = request =>
        {
            if (request is DescribeInstancesRequest) throw new HttpRequestException("unplugged");
        };

        Assert.That(await world.Completion.FailedAsync(Failure, CancellationToken.None), Is.SameAs(Failure));
        Assert.That(world.Progress.Lines, Has.One.Contains("unplugged"));
    }

    [Test]
    public async Task Passed_SmallerFleet_TerminatesTheSurplusOfTheSameRelease()
    {
        Cloud.Add("same-1", "new", registered: false);
        Cloud.Add("same-2", "new", registered: true);

        await world.Completion.PassedAsync(CancellationToken.None);

        Assert.That(Cloud.Running, Is.EqualTo(["same-2"]));
    }

    private async Task<PipelineException> UnwindAsync(RolloutRun run, Exception failure, CancellationToken cancellationToken) =>
        Failures.Explain(await world.Undo.UnwindAsync(run, failure, cancellationToken));

    /// <summary>The first of two was replaced; the second new one did not pass.</summary>
    private RolloutRun HalfRolled()
    {
        Cloud.Add("old-1", "old", registered: false);
        Cloud.Add("old-2", "old", registered: true);
        Cloud.Add("new-1", "new", registered: true);
        Cloud.Add("new-2", "new", registered: false);
        var run = new RolloutRun("new", ["old-1", "old-2"]);
        run.Left.Add("old-1");
        run.Joining.AddRange(["new-1", "new-2"]);
        return run;
    }
}
