using Microsoft.Extensions.Time.Testing;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Tests.Aws;

namespace SyncStorage.Pipeline.Tests.Instances;

public sealed class CleanupTests
{
    private readonly FakeTimeProvider time = new();
    private readonly RecordingProgress progress = new();
    private int cleaned;

    private Cleanup Cleanup => new(time, progress);

    [Test]
    public async Task After_Success_CleansAndReturnsTheResult()
    {
        var result = await Cleanup.AfterAsync(() => Task.FromResult("image"), Count, CancellationToken.None);

        Assert.That((result, cleaned), Is.EqualTo(("image", 1)));
    }

    [Test]
    public void After_Failure_CleansAndThrowsIt()
    {
        var failure = new PipelineException(ErrorCode.BakeFailed, "no");

        Assert.That(() => Cleanup.AfterAsync<int>(() => throw failure, Count, CancellationToken.None), Throws.Exception.SameAs(failure));
        Assert.That(cleaned, Is.EqualTo(1));
    }

    [Test]
    public void After_CleaningFailsToo_ThrowsTheFirstAndSaysWhatRemovesTheRest()
    {
        var failure = new PipelineException(ErrorCode.BakeFailed, "no");

        Assert.That(() => Cleanup.AfterAsync<int>(() => throw failure, _ => throw new IOException("unplugged"), CancellationToken.None), Throws.Exception.SameAs(failure));
        Assert.That(progress.Lines, Has.One.Contains("unplugged").And.One.Contains("--target=Sweep"));
    }

    [Test]
    public async Task After_InterruptedWhileCleaning_HasFourSecondsLeft()
    {
        using var interruption = new CancellationTokenSource();
        var budget = new TaskCompletionSource<CancellationToken>();
        var work = Cleanup.AfterAsync<int>(
            () => throw new PipelineException(ErrorCode.BakeFailed, "no"),
            token =>
            {
                budget.SetResult(token);
                return Task.Delay(Timeout.InfiniteTimeSpan, time, token);
            },
            interruption.Token);
        var cleaning = await budget.Task;

        await interruption.CancelAsync();
        time.Advance(TimeSpan.FromSeconds(3.9));
        var before = cleaning.IsCancellationRequested;
        time.Advance(TimeSpan.FromSeconds(0.2));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before, Is.False);
            Assert.That(cleaning.IsCancellationRequested, Is.True);
            Assert.That(() => work, Throws.TypeOf<PipelineException>());
        }
    }

    private Task Count(CancellationToken cancellationToken)
    {
        cleaned++;
        return Task.CompletedTask;
    }
}
