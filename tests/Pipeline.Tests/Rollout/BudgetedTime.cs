namespace SyncStorage.Pipeline.Tests.Rollout;

/// <summary>Waits, up to the longest, take no time; what is longer, like a budget, does not run out.</summary>
internal sealed class BudgetedTime : TimeProvider
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
