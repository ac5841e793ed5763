using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Storage;

/// <summary>Gives each write to a collection a timestamp of its own.</summary>
internal sealed class WriteClock(TimeProvider time)
{
    private const int TickMilliseconds = 10;

    // Webheads' clocks differ a little: what another wrote up to here ahead of our time is waited for.
    private static readonly TimeSpan MostAhead = TimeSpan.FromMilliseconds(220);

    /// <summary>The time now, later than the last write: it waits for the next tick of 10 ms if need be.</summary>
    /// <exception cref="WriteConflictException">The last write is too far ahead of our clock.</exception>
    public async ValueTask<SyncTimestamp> AfterAsync(SyncTimestamp last)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var now = SyncTimestamp.Now(time);
            if (now > last) return now;
            var wait = TimeSpan.FromMilliseconds(last.Milliseconds + TickMilliseconds - time.GetUtcNow().ToUnixTimeMilliseconds());
            if (time.GetElapsedTime(started) + wait > MostAhead) throw new WriteConflictException();
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), time);
        }
    }
}
