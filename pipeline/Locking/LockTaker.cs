using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Locking;

/// <summary>
/// Takes the deploy lock. A held one is watched: if its ETag does not change for its lease and its longest attempt, by this observer's
/// own monotonic clock, its holder is gone or has no right to act any more, and it is taken over.
/// </summary>
/// <param name="store">The lock object.</param>
/// <param name="time">The clock.</param>
/// <param name="watching">Told, at each look, who holds it and for how long this observer has waited.</param>
public sealed class LockTaker(ILockStore store, TimeProvider time, Action<LockDocument, TimeSpan> watching)
{
    // Between looks at a lock that is held: part of its lease.
    private const double LooksPerLease = 30;
    private const int MostRaces = 100;

    /// <summary>Takes it.</summary>
    /// <param name="mine">Who wants it; its token is this taker's alone.</param>
    /// <param name="patience">How long to wait for a living holder; null not to wait for one (whether it lives takes a while to see).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Locked"/>: it is held, and patience is at its end.</exception>
    public async Task<Lease> TakeAsync(LockDocument mine, TimeSpan? patience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mine);
        var begun = time.GetTimestamp();
        var watch = new LockWatch(time, mine);
        Since? written = null;
        for (var races = 0; races < MostRaces;)
        {
            var stored = await store.ReadAsync(cancellationToken);
            var current = Parse(stored);

            // The answer to an earlier write was lost: it counts from when that was begun.
            if (written is { } since && current is { Held: true } && current.Token == mine.Token) return new Lease(store, time, current, stored!.ETag, since);
            if (stored is not null && current is { Held: true } && !watch.HasExpired(current, stored.ETag))
            {
                Refuse(current, patience, time.GetElapsedTime(begun), watch);
                watching(current, time.GetElapsedTime(begun));
                await Task.Delay(TimeSpan.FromSeconds(current.LeaseSeconds / LooksPerLease), time, cancellationToken);
                continue;
            }

            // Of several writes that got no answer, any may be the one that counts: the lease starts with the first.
            var started = Since.Now(time);
            written ??= started;
            var next = mine with { Held = true, Renewals = 0 };
            if (await store.SwapAsync(next.ToJson(), stored?.ETag, cancellationToken) is { } etag) return new Lease(store, time, next, etag, started);
            races++;
        }

        throw new PipelineException(ErrorCode.Locked, $"The deploy lock could not be taken: {MostRaces} others were faster.", hint: "./build.sh --target=Status");
    }

    private static LockDocument? Parse(StoredText? stored) => stored is null
        ? null
        : LockDocument.TryParse(stored.Text) ?? throw new PipelineException(
            ErrorCode.Locked, "The deploy lock in the cluster's bucket can't be read: it was written by something else, or by a later version.",
            lastSeen: stored.Text, hint: "./build.sh --target=Unlock, with --approve=<cluster>, once no deployment runs.");

    private static void Refuse(LockDocument current, TimeSpan? patience, TimeSpan waited, LockWatch watch)
    {
        if (patience is { } limit ? waited < limit : !watch.HasChanged) return;
        throw new PipelineException(
            ErrorCode.Locked, $"Another deployment holds the lock: {current.Describe()}.",
            lastSeen: watch.HasChanged ? $"it renewed the lock while this one watched, for {waited.TotalSeconds:0} s" : $"watched for {waited.TotalSeconds:0} s",
            hint: "Wait for it with --lock-wait=10m, or look who it is: ./build.sh --target=Unlock shows the holder.");
    }
}

/// <summary>Watches whether the holder of a lock renews it.</summary>
/// <param name="time">The clock.</param>
/// <param name="mine">Who watches: its lease counts where it is the longer.</param>
internal sealed class LockWatch(TimeProvider time, LockDocument mine)
{
    private string? etag;
    private Since since;

    /// <summary>Whether it was written while this watched: its holder lives, or lived a moment ago.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>Takes a look into account.</summary>
    /// <returns>Whether its holder has no right to act any more, whatever it does.</returns>
    public bool HasExpired(LockDocument current, string seen)
    {
        if (etag == seen)
            return since.Monotonic(time) >= TimeSpan.FromSeconds(Math.Max(current.LeaseSeconds, mine.LeaseSeconds) + Math.Max(current.AttemptSeconds, mine.AttemptSeconds));
        HasChanged = etag is not null;
        (etag, since) = (seen, Since.Now(time));
        return false;
    }
}
