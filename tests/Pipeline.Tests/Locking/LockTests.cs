using Microsoft.Extensions.Time.Testing;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Locking;
using SyncStorage.Pipeline.Tests.Aws;

namespace SyncStorage.Pipeline.Tests.Locking;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LockTests
{
    private readonly JumpingTime time = new();
    private readonly MemoryLock store = new();

    [Test]
    public async Task TakeAsync_NoLockYet_IsHeldAndNamesTheHolder()
    {
        var lease = await TakeAsync("ann");

        Assert.That(lease.IsValid, Is.True);
        Assert.That(store.Document, Has.Property("Held").True.And.Property("Holder").EqualTo("ann"));
    }

    [Test]
    public async Task TakeAsync_HeldAndRenewed_IsRefusedAsSoonAsThatIsSeen()
    {
        var lease = await TakeAsync("ann");
        store.Looked = async looks =>
        {
            if (looks == 5) await lease.RenewAsync();
        };

        var refusal = await Assert.ThrowsAsync<PipelineException>(() => TakeAsync("bob"));

        Assert.That(refusal!.Code, Is.EqualTo(ErrorCode.Locked));
        Assert.That(refusal.Message, Does.Contain("ann").And.Contain("https://ci/1"));
        Assert.That(time.GetTimestamp(), Is.LessThan(TimeSpan.FromSeconds(80).Ticks), "before it could have been taken over");
    }

    [Test]
    public async Task TakeAsync_HeldAndNoPatience_IsRefusedAtOnce()
    {
        await TakeAsync("ann");

        var refusal = await Assert.ThrowsAsync<PipelineException>(() => TakeAsync("bob", patience: TimeSpan.Zero));

        Assert.That(refusal!.Code, Is.EqualTo(ErrorCode.Locked));
        Assert.That(time.GetTimestamp(), Is.Zero);
    }

    [Test]
    public async Task TakeAsync_HolderDied_TakesOverAfterLeaseAndLongestAttempt()
    {
        var dead = await TakeAsync("ann");

        var lease = await TakeAsync("bob");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(TimeSpan.FromTicks(time.GetTimestamp()), Is.InRange(TimeSpan.FromSeconds(80), TimeSpan.FromSeconds(83)));
            Assert.That(lease.IsValid, Is.True);
            Assert.That(dead.IsValid, Is.False);
            Assert.That(store.Document.Holder, Is.EqualTo("bob"));
        }
    }

    [Test]
    public async Task RequireAsync_TakenOver_ThrowsForGoodAndNamesTheTaker()
    {
        var late = await TakeAsync("ann");
        await TakeAsync("bob");

        var first = await Assert.ThrowsAsync<PipelineException>(() => late.RequireAsync(CancellationToken.None));
        var second = await Assert.ThrowsAsync<PipelineException>(() => late.RequireAsync(CancellationToken.None));

        Assert.That(first, Has.Property("Code").EqualTo(ErrorCode.LockLost).And.Message.Contains("bob"));
        Assert.That(second, Is.SameAs(first));
        Assert.That(await late.ReleaseAsync(CancellationToken.None), Is.False);
        Assert.That(store.Document, Has.Property("Held").True.And.Property("Holder").EqualTo("bob"), "another's lock is left alone");
    }

    [Test]
    public async Task RequireAsync_LateButNobodyTookOver_IsHeldAgain()
    {
        var lease = await TakeAsync("ann");
        await Task.Delay(TimeSpan.FromMinutes(10), time);
        var before = lease.IsValid;

        await lease.RequireAsync(CancellationToken.None);

        Assert.That((before, lease.IsValid), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task RequireAsync_MachineSlept_AsksTheStore()
    {
        var asleep = new SleepyTime();
        var lease = await new LockTaker(store, asleep, (_, _) => { }).TakeAsync(Document("ann"), null, CancellationToken.None);

        asleep.Sleep(TimeSpan.FromHours(1));

        Assert.That(lease.IsValid, Is.False, "the monotonic clock stood still, the wall clock did not");
    }

    [Test]
    public async Task RenewAsync_AnswerWasLost_GoesOnFromWhatIsStored()
    {
        var lease = await TakeAsync("ann");
        store.LoseNextAnswer = true;

        await lease.RenewAsync();

        Assert.That(lease.IsValid, Is.True);
        Assert.That(store.Document.Renewals, Is.EqualTo(2));
    }

    [Test]
    public async Task TakeAsync_AnswerWasLost_IsOurs()
    {
        store.LoseNextAnswer = true;

        var lease = await TakeAsync("ann");

        Assert.That(lease.IsValid, Is.True);
    }

    [Test]
    public async Task ReleaseAsync_Held_IsFreeForTheNextAtOnceAndNothingPassesAnyMore()
    {
        var lease = await TakeAsync("ann");

        var released = await lease.ReleaseAsync(CancellationToken.None);
        var next = await TakeAsync("bob", patience: TimeSpan.Zero);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(released, Is.True);
            Assert.That(next.IsValid, Is.True);
            Assert.That(() => lease.RequireAsync(CancellationToken.None), Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.LockLost));
        }
    }

    [Test]
    public async Task KeepAsync_LongRun_NeverLetsItLapse()
    {
        var clock = new FakeTimeProvider();
        var lease = await new LockTaker(store, clock, (_, _) => { }).TakeAsync(Document("ann"), null, CancellationToken.None);
        using var ending = new CancellationTokenSource();
        var keeping = lease.KeepAsync(_ => { }, ending.Token);

        for (var seconds = 0; seconds < 600; seconds += 5)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            Assert.That(lease.IsValid, Is.True, $"after {seconds} s");
        }

        await ending.CancelAsync();
        await keeping;
        Assert.That(store.Document.Renewals, Is.InRange(25, 35));
    }

    [Test]
    public async Task TakeAsync_SomethingElseInItsPlace_IsRefusedWithTheWayOut()
    {
        store.Put("not a lock");

        var refusal = await Assert.ThrowsAsync<PipelineException>(() => TakeAsync("ann"));

        Assert.That(refusal, Has.Property("Code").EqualTo(ErrorCode.Locked).And.Property("Hint").Contains("Unlock"));
    }

    private Task<Lease> TakeAsync(string holder, TimeSpan? patience = null) =>
        new LockTaker(store, time, (_, _) => { }).TakeAsync(Document(holder), patience, CancellationToken.None);

    private static LockDocument Document(string holder) => new()
    {
        Token = holder,
        Target = "Deploy",
        Holder = holder,
        Run = new Uri("https://ci/1"),
        Since = DateTimeOffset.UnixEpoch,
        LeaseSeconds = 60,
        AttemptSeconds = 20,
    };

    private sealed class SleepyTime : FakeTimeProvider
    {
        private TimeSpan slept;

        public void Sleep(TimeSpan length) => slept += length;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + slept;
    }
}
