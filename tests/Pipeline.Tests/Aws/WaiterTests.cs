using System.Net;
using Amazon.Runtime;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Tests.Aws;

public sealed class WaiterTests
{
    private static readonly Pace Pace = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(60));

    private readonly JumpingTime time = new();
    private readonly RecordingProgress progress = new();

    [Test]
    public async Task Until_DoneAtOnce_ReturnsWithoutWaiting()
    {
        var polls = 0;

        var value = await Waiter().UntilAsync("it", Pace, _ => Task.FromResult(Poll.Done(++polls)), CancellationToken.None);

        Assert.That((value, polls), Is.EqualTo((1, 1)));
        Assert.That(progress.Lines, Is.Empty);
    }

    [Test]
    public async Task Until_Deadline_ThrowsWithTheLastStateSeen()
    {
        var looks = new List<TimeSpan>();
        var start = time.GetTimestamp();

        var waiting = Waiter().UntilAsync("database db0", Pace, _ =>
        {
            looks.Add(time.GetElapsedTime(start));
            return Task.FromResult(Poll.NotYet<int>($"creating {looks.Count}"));
        }, CancellationToken.None);

        var error = await Assert.ThrowsAsync<PipelineException>(() => waiting);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(error!.Code, Is.EqualTo(ErrorCode.TimedOut));
            Assert.That(error.LastSeen, Is.EqualTo($"creating {looks.Count}"));
            Assert.That(error.Hint, Does.Contain("goes on where it was"));
            Assert.That(looks[^1], Is.EqualTo(Pace.Deadline).Within(TimeSpan.FromMilliseconds(1)), "the last look is at the deadline, none after");
        }
    }

    [Test]
    public async Task Until_TerminalState_ThrowsAtOnce()
    {
        var polls = 0;

        var waiting = Waiter().UntilAsync("image", Pace, _ => Task.FromResult(++polls < 2 ? Poll.NotYet<int>("pending") : Poll.Failed<int>("failed: no space")), CancellationToken.None);

        var error = await Assert.ThrowsAsync<PipelineException>(() => waiting);
        Assert.That((error!.Code, error.LastSeen, polls), Is.EqualTo((ErrorCode.TerminalState, "failed: no space", 2)));
    }

    [Test]
    public async Task Until_CancelledBetweenPolls_EndsWithoutAnotherLook()
    {
        using var cancellation = new CancellationTokenSource();
        var polls = 0;

        var waiting = new Waiter(new FakeTimeProvider(), progress).UntilAsync("it", Pace, _ => Task.FromResult(Poll.NotYet<int>($"{++polls}")), cancellation.Token);
        await cancellation.CancelAsync();

        Assert.That(() => waiting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(polls, Is.EqualTo(1));
    }

    [Test]
    public void Until_CancelledBeforehand_NeverLooks()
    {
        var polls = 0;

        var waiting = Waiter().UntilAsync("it", Pace, _ => Task.FromResult(Poll.Done(++polls)), new CancellationToken(canceled: true));

        Assert.That(() => waiting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(polls, Is.Zero);
    }

    [TestCase("InternalError", HttpStatusCode.InternalServerError)]
    [TestCase("Throttling", HttpStatusCode.BadRequest)]
    public async Task Until_AwsFailsForAWhile_LooksAgain(string code, HttpStatusCode status)
    {
        var looks = 0;

        var value = await Waiter().UntilAsync("it", Pace, _ => ++looks % 5 != 0 ? throw Refusal(code, status) : Task.FromResult(looks < 10 ? Poll.NotYet<int>("pending") : Poll.Done(looks)), CancellationToken.None);

        Assert.That(value, Is.EqualTo(10));
        Assert.That(progress.Lines[0], Does.Contain(code));
    }

    [TestCase("InternalError", HttpStatusCode.InternalServerError, 5)]
    [TestCase("RequestExpired", HttpStatusCode.BadRequest, 1)]
    [TestCase("InsufficientInstanceCapacity", HttpStatusCode.InternalServerError, 1)]
    public void Until_AwsFailsForGood_ThrowsItAfterSomeLooks(string code, HttpStatusCode status, int expected)
    {
        var looks = 0;

        var waiting = Waiter().UntilAsync<int>("it", Pace, _ =>
        {
            looks++;
            throw Refusal(code, status);
        }, CancellationToken.None);

        Assert.That(() => waiting, Throws.InstanceOf<AmazonServiceException>());
        Assert.That(looks, Is.EqualTo(expected));
    }

    [Test]
    public void Until_PollThrows_Propagates()
    {
        var waiting = Waiter().UntilAsync<int>("it", Pace, _ => throw new InvalidOperationException("broken"), CancellationToken.None);

        Assert.That(() => waiting, Throws.InvalidOperationException);
    }

    [Test]
    public async Task Until_ManyPolls_BacksOffToTheLongestInterval()
    {
        var gaps = await GapsAsync(new Fixed(0.5));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(gaps[0].TotalSeconds, Is.EqualTo(1).Within(0.001), "the first interval, without jitter at the middle");
            Assert.That(gaps[1].TotalSeconds, Is.EqualTo(1.5).Within(0.001));
            Assert.That(gaps.SkipLast(1).Last().TotalSeconds, Is.EqualTo(8).Within(0.001));
            Assert.That(gaps, Has.Count.LessThan(16));
        }
    }

    [Test]
    public void Until_AnyRandomness_KeepsTheJitterWithinATenth() => Gen.Double[0, 0.999999].Sample(random =>
    {
        var gaps = GapsAsync(new Fixed(random)).GetAwaiter().GetResult();

        Assert.That(gaps[0].TotalSeconds, Is.InRange(0.899, 1.101));
        Assert.That(gaps.Max().TotalSeconds, Is.LessThanOrEqualTo(8.801));
    }, iter: 50);

    [Test]
    public async Task Until_NotDoneBeforeAMoment_LooksFromThenOn()
    {
        var looks = await LooksAsync(Pace with { Soonest = TimeSpan.FromSeconds(10) });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(looks[0].TotalSeconds, Is.EqualTo(10).Within(0.001));
            Assert.That(looks[1].TotalSeconds, Is.EqualTo(11).Within(0.101), "then at the usual pace, from the first interval on");
            Assert.That(looks[^1], Is.EqualTo(Pace.Deadline).Within(TimeSpan.FromMilliseconds(1)));
        }
    }

    [Test]
    public async Task Until_NotDoneBeforeALongTime_SaysFromTimeToTimeThatItGoesOn()
    {
        var looks = await LooksAsync(Pace with { Soonest = TimeSpan.FromSeconds(40), Deadline = TimeSpan.FromMinutes(1) });

        Assert.That(looks.Take(3).Select(look => look.TotalSeconds), Is.EqualTo(new double[] { 15, 30, 40 }).Within(0.001));
    }

    [Test]
    public async Task Until_NotDoneBeforeItsDeadline_LooksOnceAtTheDeadline()
    {
        var looks = await LooksAsync(Pace with { Soonest = TimeSpan.FromSeconds(10), Deadline = TimeSpan.FromSeconds(4) });

        Assert.That(looks.Select(look => look.TotalSeconds), Is.EqualTo(new double[] { 4 }).Within(0.001));
    }

    [Test]
    public async Task NotBefore_AskedForAWhileAgo_CountsFromThen()
    {
        var waiter = Waiter();
        var since = waiter.Now;
        await Task.Delay(TimeSpan.FromSeconds(4), time, CancellationToken.None);

        Assert.That(waiter.NotBefore(Pace, intervals: 10, since).Soonest.TotalSeconds, Is.EqualTo(6).Within(0.001));
    }

    private static async Task<IReadOnlyList<TimeSpan>> GapsAsync(Random random)
    {
        var looks = await LooksAsync(Pace, random);
        return [.. looks.Zip(looks.Skip(1), (before, after) => after - before)];
    }

    private static async Task<IReadOnlyList<TimeSpan>> LooksAsync(Pace pace, Random? random = null)
    {
        var time = new JumpingTime();
        var looks = new List<TimeSpan>();
        var start = time.GetTimestamp();
        var waiting = new Waiter(time, new RecordingProgress(), random).UntilAsync("it", pace, _ =>
        {
            looks.Add(time.GetElapsedTime(start));
            return Task.FromResult(Poll.NotYet<int>("not yet"));
        }, CancellationToken.None);
        await Assert.ThrowsAsync<PipelineException>(() => waiting);
        return looks;
    }

    [TestCase("DBSubnetGroupNotFoundFault")]
    [TestCase("InvalidCacheClusterState")]
    public async Task OncePossible_NotYetKnownOrChanging_CallsAgain(string code)
    {
        var calls = 0;

        var value = await Waiter().OncePossibleAsync(
            "it", Pace, _ => ++calls < 3 ? throw new AmazonServiceException("no") { ErrorCode = code } : Task.FromResult(calls), CancellationToken.None);

        Assert.That(value, Is.EqualTo(3));
    }

    [Test]
    public async Task OncePossible_RefusedForGood_FailsAtOnce()
    {
        var calls = 0;

        var calling = Waiter().OncePossibleAsync<int>(
            "it", Pace, _ => throw new AmazonServiceException($"no {++calls}") { ErrorCode = "InvalidParameterValue" }, CancellationToken.None);

        await Assert.ThrowsAsync<AmazonServiceException>(() => calling);
        Assert.That(calls, Is.EqualTo(1));
    }

    private static AmazonServiceException Refusal(string code, HttpStatusCode status) => new("No.", innerException: null, ErrorType.Unknown, code, "r", status);

    private Waiter Waiter() => new(time, progress);

    private sealed class Fixed(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
