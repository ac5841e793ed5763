namespace SyncStorage.Pipeline.Tests.Locking;

/// <summary>
/// A world in one thread: events in the order of their time, and continuations as they become ready. Whoever is paused gets neither
/// until the pause ends; whoever is killed, never again.
/// </summary>
internal sealed class SimulatedWorld
{
    private readonly PriorityQueue<(Actor Who, Action Happens), (long Tick, long Order)> events = new();
    private long order;

    public long Now { get; private set; }

    /// <summary>Something happens later, to somebody.</summary>
    public void At(long tick, Actor who, Action happens) => events.Enqueue((who, happens), (Math.Max(tick, Now), order++));

    /// <summary>Lets the world go on until nothing is left to happen, or the end.</summary>
    /// <param name="until">The end, in ticks.</param>
    /// <param name="look">Called after each event.</param>
    public void Run(long until, Action look)
    {
        while (events.TryDequeue(out var next, out var when) && when.Tick <= until)
        {
            Now = Math.Max(Now, when.Tick);
            if (next.Who.IsDead) continue;
            if (next.Who.PausedUntil > Now)
            {
                At(next.Who.PausedUntil, next.Who, next.Happens);
                continue;
            }

            next.Who.Act(next.Happens);
            look();
        }
    }
}

/// <summary>Somebody with a clock and a fate of their own.</summary>
internal sealed class Actor(SimulatedWorld world, double rate, TimeSpan offset) : TimeProvider
{
    private readonly Context context = new();

    public bool IsDead { get; set; }

    public long PausedUntil { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>A clock that runs fast or slow, and is set wrong.</summary>
    public override long GetTimestamp() => offset.Ticks + (long)(world.Now * rate);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(50).AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer();
        if (dueTime >= TimeSpan.Zero)
            world.At(world.Now + (long)(dueTime.Ticks / rate) + 1, this, () => { if (!timer.IsDisposed) callback(state); });
        return timer;
    }

    /// <summary>Does something as this actor, and all that follows from it at once.</summary>
    public void Act(Action what)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            what();
            context.Drain();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private sealed class Timer : ITimer
    {
        public bool IsDisposed { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose() => IsDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Context : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Callback, object? State)> ready = new();

        public override void Post(SendOrPostCallback d, object? state) => ready.Enqueue((d, state));

        public void Drain()
        {
            while (ready.TryDequeue(out var next)) next.Callback(next.State);
        }
    }
}
