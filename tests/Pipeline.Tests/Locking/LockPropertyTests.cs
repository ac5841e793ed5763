using CsCheck;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Locking;

namespace SyncStorage.Pipeline.Tests.Locking;

/// <summary>
/// Many contenders for one lock, in a simulated world: clocks that are set wrong and run at different speeds, requests and answers that
/// are late or lost, holders that stall in the middle of anything or die. Never do two believe at the same time that they hold it.
/// </summary>
public sealed class LockPropertyTests
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Enough = TimeSpan.FromHours(6);

    /// <summary>What happens to one contender.</summary>
    private sealed record Fate(double Rate, double OffsetHours, double ArrivesSeconds, double WorksSeconds, double[] PausesAt, double[] PausesFor, double? DiesAt);

    private static readonly Gen<Fate> Fates = Gen.Select(
        Between(0.96, 1.04), Between(-50, 50), Between(0, 100), Between(0, 400), Between(0, 900).Array[0, 6], Between(0, 300).Array[6],
        Gen.Frequency((3, Gen.Const(() => (double?)null)), (1, Between(0, 900).Select(at => (double?)at))),
        (rate, offset, arrives, works, pausesAt, pausesFor, dies) => new Fate(rate, offset, arrives, works, pausesAt, pausesFor, dies));

    private static readonly Gen<Journey> Journeys = Gen.Select(
        Gen.Frequency((8, Between(0.01, 0.5)), (1, Between(1, 60))), Gen.Frequency((8, Between(0.01, 0.5)), (1, Between(1, 60))),
        Gen.Int[0, 19], Gen.Int[0, 9],
        (there, back, request, answer) => new Journey(TimeSpan.FromSeconds(there), TimeSpan.FromSeconds(back), request == 0, answer == 0));

    // Evenly: Gen.Double prefers what is simple, and so what is almost nothing.
    private static Gen<double> Between(double from, double to) => Gen.Int[0, 1_000_000].Select(part => from + ((to - from) * part / 1_000_000));

    [Test]
    public void Lock_ContendersPausedKilledAndSkewedOnABadNetwork_NeverTwoHolders()
    {
        var held = 0;
        var takenOver = 0;
        Gen.Select(Fates.Array[2, 6], Journeys.Array[50, 100]).Sample(
            (fates, journeys) =>
            {
                var run = new Run(fates, journeys);

                run.ToTheEnd();

                Interlocked.Add(ref held, run.Held);
                Interlocked.Add(ref takenOver, run.Lost);
                return run.MostHolders > 1 ? throw new InvalidOperationException($"{run.MostHolders} holders")
                    : run.Unfinished > 0 ? throw new InvalidOperationException($"{run.Unfinished} unfinished: {run.Failures}")
                    : true;
            },
            iter: 2000, threads: 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(held, Is.GreaterThan(2000), "contenders do get the lock");
            Assert.That(takenOver, Is.GreaterThan(20), "some are so late that they lose it");
        }
    }

    private sealed class Run
    {
        private readonly SimulatedWorld world = new();
        private readonly SimulatedObject item = new();
        private readonly List<Contender> contenders = [];

        public Run(Fate[] fates, Journey[] journeys)
        {
            var calls = 0;

            // A network that is bad for ever lets nobody finish: it gets well.
            Journey Next() => calls < 400 ? journeys[calls++ % journeys.Length] : new Journey(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20), false, false);
            foreach (var fate in fates)
            {
                var actor = new Actor(world, fate.Rate, TimeSpan.FromHours(fate.OffsetHours + 100));
                var contender = new Contender(actor, new SimulatedStore(world, actor, item, Next, Attempt), fate, contenders.Count);
                contenders.Add(contender);
                world.At(TimeSpan.FromSeconds(fate.ArrivesSeconds).Ticks, actor, contender.Start);
                foreach (var (at, length) in fate.PausesAt.Zip(fate.PausesFor))
                    world.At(TimeSpan.FromSeconds(at).Ticks, actor, () => actor.PausedUntil = world.Now + TimeSpan.FromSeconds(length).Ticks);
                if (fate.DiesAt is { } dies) world.At(TimeSpan.FromSeconds(dies).Ticks, actor, () => actor.IsDead = true);
            }
        }

        public int MostHolders { get; private set; }

        public int Held => contenders.Count(contender => contender.Got);

        public int Lost => contenders.Count(contender => contender.WasLost);

        public string Failures => string.Join("; ", contenders.Select(contender => contender.Failure));

        public int Unfinished => contenders.Count(contender => contender is { IsDead: false, IsFinished: false });

        // A paused holder believes on, by its clock: it would act the moment it wakes up, and so counts.
        public void ToTheEnd() => world.Run(Enough.Ticks, () => MostHolders = Math.Max(MostHolders, contenders.Count(contender => contender.Believes)));
    }

    private sealed class Contender(Actor actor, SimulatedStore store, Fate fate, int number)
    {
        private Lease? lease;
        private Task? life;

        public bool Got { get; private set; }

        public bool WasLost { get; private set; }

        public bool IsFinished { get; private set; }

        public bool IsDead => actor.IsDead;

        /// <summary>A call of this contender would pass at this moment.</summary>
        public bool Believes => !actor.IsDead && lease is { IsValid: true };

        public string? Failure => life?.Exception?.ToString();

        public void Start() => life = LiveAsync();

        private async Task LiveAsync()
        {
            for (var tries = 0; lease is null; tries++)
            {
                try
                {
                    lease = await new LockTaker(store, actor, (_, _) => { }).TakeAsync(Document(tries), TimeSpan.FromHours(5), CancellationToken.None);
                }
                catch (PipelineException failure) when (failure.Code == ErrorCode.AwsUnreachable)
                {
                    // Like a person who runs it again.
                }
            }

            Got = true;
            using var ending = new CancellationTokenSource();
            var keeping = lease.KeepAsync(_ => { }, ending.Token);
            try
            {
                for (var worked = 0.0; worked < fate.WorksSeconds; worked += 7)
                {
                    await Task.Delay(TimeSpan.FromSeconds(7), actor);
                    await RequireAsync();
                }
            }
            catch (PipelineException failure) when (failure.Code == ErrorCode.LockLost)
            {
                WasLost = true;
            }

            Cancel(ending);
            await keeping;
            await ReleaseAsync();
            IsFinished = true;
        }

        // In this thread: CancelAsync would leave the simulated world.
        private static void Cancel(CancellationTokenSource source) => source.Cancel();

        private async Task RequireAsync()
        {
            for (var done = false; !done;)
            {
                try
                {
                    await lease!.RequireAsync(CancellationToken.None);
                    done = true;
                }
                catch (Exception failure) when (failure is OperationCanceledException or PipelineException { Code: ErrorCode.AwsUnreachable })
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), actor);
                }
            }
        }

        private async Task ReleaseAsync()
        {
            try
            {
                await lease!.ReleaseAsync(CancellationToken.None);
            }
            catch (Exception failure) when (failure is OperationCanceledException or PipelineException { Code: ErrorCode.AwsUnreachable })
            {
                // It expires.
            }
        }

        private LockDocument Document(int tries) => new()
        {
            Token = $"{number}-{tries}",
            Target = "Deploy",
            Holder = $"contender {number}",
            Since = actor.GetUtcNow(),
            LeaseSeconds = LeaseTime.TotalSeconds,
            AttemptSeconds = Attempt.TotalSeconds,
        };
    }
}
