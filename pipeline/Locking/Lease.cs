using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Locking;

/// <summary>
/// The deploy lock, held. It is believed in for a lease, counted from the moment at which the last successful write was <em>begun</em>;
/// after that only another write, on the condition that nobody wrote in between, restores it.
/// </summary>
public sealed class Lease
{
    /// <summary>How much of the lease the holder believes in: clocks may run at different speeds.</summary>
    public const double Believed = 0.9;

    private const int MostWrites = 4;

    private readonly ILockStore store;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private LockDocument document;
    private string etag;
    private Since since;
    private Task? renewing;
    private PipelineException? lost;
    private bool released;

    internal Lease(ILockStore store, TimeProvider time, LockDocument document, string etag, Since since)
    {
        (this.store, this.time, this.document, this.etag, this.since) = (store, time, document, etag, since);
    }

    /// <summary>Whether the lock is known to be held at this moment.</summary>
    public bool IsValid
    {
        get
        {
            lock (gate) return lost is null && !released && since.Elapsed(time) < BelievedFor;
        }
    }

    /// <summary>What is written as the lock.</summary>
    public LockDocument Document => document;

    /// <summary>How long one that is not renewed is believed in.</summary>
    public TimeSpan BelievedFor => TimeSpan.FromSeconds(document.LeaseSeconds * Believed);

    /// <summary>Returns at once while the lease is believed in; otherwise asks the store.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.LockLost"/>: it is another's now, and for good.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        // A renewal may take so long that it is over when it comes: then there is another.
        for (var tries = 0; !IsValid; tries++)
        {
            if (lost is { } gone) throw gone;
            if (released) throw new PipelineException(ErrorCode.LockLost, "The deploy lock was given back already: this run does nothing more.");
            if (tries == MostWrites)
                throw new PipelineException(ErrorCode.AwsUnreachable, "The deploy lock could not be renewed in time.", hint: "Run the same command again: it goes on where it was.");
            await RenewAsync().WaitAsync(cancellationToken);
        }
    }

    /// <summary>Writes the lock anew; those who ask while it is being written share the answer.</summary>
    public Task RenewAsync()
    {
        lock (gate) return renewing is { IsCompleted: false } ? renewing : renewing = WriteAsync(held: true);
    }

    /// <summary>Renews again and again, until cancelled or lost. Failures in between are tried again.</summary>
    /// <param name="failed">Told of each failure.</param>
    /// <param name="cancellationToken">Ends it, without an exception.</param>
    public async Task KeepAsync(Action<Exception> failed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(failed);
        var pause = TimeSpan.FromSeconds(document.LeaseSeconds / 3);
        while (!cancellationToken.IsCancellationRequested && lost is null)
        {
            try
            {
                await Task.Delay(pause, time, cancellationToken);
                await RenewAsync().WaitAsync(cancellationToken);
                pause = TimeSpan.FromSeconds(document.LeaseSeconds / 3);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (Failures.IsExpected(exception))
            {
                failed(exception);
                pause = TimeSpan.FromSeconds(document.LeaseSeconds / 10);
            }
        }
    }

    /// <summary>Gives the lock back, by writing "free"; one that is another's by now is left alone.</summary>
    /// <returns>Whether it was given back.</returns>
    public async Task<bool> ReleaseAsync(CancellationToken cancellationToken)
    {
        if (await StopAsync(cancellationToken))
        {
            try
            {
                await WriteAsync(held: false).WaitAsync(cancellationToken);
                return true;
            }
            catch (PipelineException exception) when (exception.Code == ErrorCode.LockLost)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Ends the lease here, and leaves the object as it is; a renewal that is under way is waited for.</summary>
    /// <returns>Whether the lock was still this holder's.</returns>
    public async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        Task? before;
        lock (gate)
        {
            released = true;
            before = renewing;
        }

        // How it ends does not matter: what is written next has the same condition.
        if (before is not null) await Task.WhenAny(before, Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        return lost is null;
    }

    private async Task WriteAsync(bool held)
    {
        // Not the caller's token: those who share the answer have others.
        using var budget = new CancellationTokenSource(TimeSpan.FromSeconds(document.LeaseSeconds), time);
        for (var writes = 0; writes < MostWrites; writes++)
        {
            if (lost is { } gone) throw gone;
            var next = document with { Held = held, Renewals = document.Renewals + 1 };
            var begun = Since.Now(time);
            if (await store.SwapAsync(next.ToJson(), etag, budget.Token) is { } written)
            {
                lock (gate) (document, etag, since) = (next, written, begun);
                return;
            }

            // Either an earlier write of ours arrived and its answer was lost, or it is another's now.
            var seen = await store.ReadAsync(budget.Token);
            var current = seen is null ? null : LockDocument.TryParse(seen.Text);
            if (seen is null || current is null || current.Token != document.Token || (!current.Held && held)) throw Lose(current);
            lock (gate) (document, etag) = (current, seen.ETag);
            if (!held && !current.Held) return;
        }

        throw new PipelineException(ErrorCode.AwsUnreachable, "The deploy lock could not be written: the bucket gives contradictory answers.");
    }

    private PipelineException Lose(LockDocument? current) => lost ??= new PipelineException(
        ErrorCode.LockLost,
        current switch
        {
            null => "The deploy lock is gone: it was removed, or overwritten. This run does nothing more.",
            { Held: true } => $"The deploy lock was taken over by {current.Describe()}: it had not been renewed in time. This run does nothing more.",
            _ => "The deploy lock was freed by somebody else (Unlock, or a run that took it over and has ended). This run does nothing more.",
        },
        hint: "./build.sh --target=Status, and once no other deployment runs, run the same command again: it goes on where it was.");
}
