using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Build.Tests.Hosting;

public sealed class OutcomeTests
{
    private static IEnumerable<ErrorCode> Codes => Enum.GetValues<ErrorCode>();

    [TestCaseSource(nameof(Codes))]
    public void ExitCodeOf_RecordedFailure_IsItsCodes(ErrorCode code)
    {
        var outcome = new Outcome(CancellationToken.None);

        outcome.Record(new AggregateException(new PipelineException(code, "x")));

        Assert.That(outcome.ExitCodeOf(hostCode: 1), Is.EqualTo(code.ExitCodeOf()));
    }

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(-1, 2)]
    public void ExitCodeOf_NothingRecorded_FollowsTheHost(int hostCode, int expected)
    {
        var outcome = new Outcome(CancellationToken.None);

        Assert.That(outcome.ExitCodeOf(hostCode), Is.EqualTo(expected));
    }

    [Test]
    public void Record_CancelledBySignal_IsInterrupted()
    {
        var outcome = new Outcome(new CancellationToken(canceled: true));

        outcome.Record(new OperationCanceledException());

        Assert.That(outcome.ExitCodeOf(hostCode: 1), Is.EqualTo(130));
    }

    [Test]
    public void Record_CancelledByNobody_IsNoInterruption()
    {
        var outcome = new Outcome(CancellationToken.None);

        outcome.Record(new TaskCanceledException());

        Assert.That(outcome.Failure!.Code, Is.EqualTo(ErrorCode.TimedOut));
    }

    [Test]
    public void Record_StuckWhileInterrupted_StaysStuck()
    {
        var outcome = new Outcome(new CancellationToken(canceled: true));

        outcome.Record(new PipelineException(ErrorCode.Stuck, "x"));

        Assert.That(outcome.ExitCodeOf(hostCode: 1), Is.EqualTo(5));
    }

    [Test]
    public void Record_Twice_KeepsTheFirst()
    {
        var outcome = new Outcome(CancellationToken.None);

        outcome.Record(new PipelineException(ErrorCode.Locked, "x"));
        outcome.Record(new InvalidOperationException());

        Assert.That(outcome.Failure!.Code, Is.EqualTo(ErrorCode.Locked));
    }
}
