using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Locking;

/// <summary>
/// This run's hold on the deploy lock: taken before the first call that changes something, renewed in the background, asked for before
/// every attempt of such a call, given back at the end.
/// </summary>
public sealed class DeploymentLock(
    EnvironmentSettings settings, RunOptions options, RunOrigin origin, BucketStage bucket, ILockStore store, Waiter waiter, TimeProvider time, IProgress progress)
    : IDisposable
{
    private readonly CancellationTokenSource ending = new();
    private Lease? lease;
    private Task keeping = Task.CompletedTask;
    private bool nothingToLock;

    /// <summary>Whether this run has taken it and not given it back; what it is worth is for <see cref="RequireAsync"/> to say.</summary>
    public bool IsTaken => lease is not null;

    /// <summary>Takes the lock, once a run; where there is no bucket yet, makes it first.</summary>
    /// <param name="makeBucket">False where nothing is to be made: without a bucket, such a run goes on without a lock.</param>
    /// <param name="cancellationToken">Ends the wait for another holder.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Locked"/>, naming the holder.</exception>
    public async Task TakeAsync(bool makeBucket, CancellationToken cancellationToken)
    {
        if (lease is not null || nothingToLock) return;
        if (!await bucket.ExistsAsync(makeBucket, cancellationToken))
        {
            progress.Notice("there is no bucket, and so no deploy lock to take");
            nothingToLock = true;
            return;
        }

        var taker = new LockTaker(store, time, (holder, waited) => progress.Waiting("the deploy lock", waited, $"held by {holder.Describe()}"));
        var mine = Document();

        // A bucket that was made a moment ago may not be known everywhere yet.
        lease = await waiter.OncePossibleAsync(
            "the deploy lock to be taken", settings.Waits.Pace(settings.Waits.InstanceSeconds), token => taker.TakeAsync(mine, options.LockWait, token), cancellationToken);
        keeping = lease.KeepAsync(exception => progress.Notice($"the deploy lock was not renewed, and is tried again: {exception.Message}"), ending.Token);
        progress.Found($"deploy lock taken by {mine.Holder}, lease {mine.LeaseSeconds:0.#} s");
    }

    /// <summary>Lets a call pass that changes something.</summary>
    /// <param name="kind">What the call does.</param>
    /// <param name="operation">Its name.</param>
    /// <param name="cancellationToken">Ends the wait for a renewal.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.LockLost"/>: it is another's.</exception>
    public Task RequireAsync(CallKind kind, string operation, CancellationToken cancellationToken)
    {
        if (kind is CallKind.Reading or CallKind.State || nothingToLock) return Task.CompletedTask;
        if (lease is { } held) return held.RequireAsync(cancellationToken);
        return kind == CallKind.Remote
            ? Task.CompletedTask
            : throw new InvalidOperationException($"{operation} changes something, and this run has not taken the deploy lock.");
    }

    /// <summary>Gives the lock back, if it is still this run's. It never fails: a lock that can't be freed expires.</summary>
    /// <param name="budget">How long it may take.</param>
    public async Task ReleaseAsync(TimeSpan budget)
    {
        if (lease is not { } held) return;
        using var limit = new CancellationTokenSource(budget, time);
        try
        {
            await ending.CancelAsync();
            await held.ReleaseAsync(limit.Token);
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            progress.Notice($"the deploy lock could not be given back, and expires {held.Document.LeaseSeconds + held.Document.AttemptSeconds:0.#} s from now: {exception.Message}");
        }
    }

    /// <summary>Ends the hold for who removes the bucket, lock and all; from here on nothing is checked.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.LockLost"/>.</exception>
    public async Task AbandonAsync(CancellationToken cancellationToken)
    {
        if (lease is not { } held) return;

        // What is left to do must be over before anybody else may think that this run is dead.
        await held.RenewAsync().WaitAsync(cancellationToken);
        await ending.CancelAsync();
        await held.StopAsync(cancellationToken);
        (lease, nothingToLock) = (null, true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ending.Cancel();
        _ = keeping;
        ending.Dispose();
    }

    private LockDocument Document() => new()
    {
        Token = Guid.NewGuid().ToString("n"),
        Target = options.Target,
        Holder = origin.Who,
        Run = origin.Run,
        Since = time.GetUtcNow(),
        LeaseSeconds = settings.Deployment.LockLeaseSeconds,
        AttemptSeconds = settings.Deployment.AttemptSeconds,
    };
}
