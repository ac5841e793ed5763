using Spectre.Console;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Locking;

/// <summary>Unlock: shows who holds the deploy lock, and frees one whose holder is gone; one whose holder seems to live only with approval.</summary>
public sealed class UnlockStage(
    EnvironmentSettings settings, RunOptions options, ILockStore store, Waiter waiter, TimeProvider time, IAnsiConsole console, IProgress progress)
{
    /// <summary>Frees it, or says why not.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.Locked"/>: its holder renews it, and freeing it was not approved.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(cancellationToken);
        var current = stored is null ? null : LockDocument.TryParse(stored.Text);
        if (stored is null || current is { Held: false })
        {
            progress.Found(current is null ? "there is no deploy lock" : $"the deploy lock is free; the last holder was {current.Describe()}");
            return;
        }

        console.MarkupLineInterpolated($"  held by {current?.Describe() ?? "something that is no holder's document"}");
        if (options.Approve is { } approved && approved != settings.Cluster)
            throw new PipelineException(ErrorCode.ApprovalNeeded, $"'{approved}' is not the name of this cluster.", hint: Hint);
        if (options.Approve is null) stored = await WatchAsync(stored, current, cancellationToken);
        await FreeAsync(stored, current, cancellationToken);
    }

    private string Hint => $"If no deployment runs, or its end is wanted: ./build.sh --target=Unlock --approve={settings.Cluster}";

    private async Task<StoredText> WatchAsync(StoredText stored, LockDocument? current, CancellationToken cancellationToken)
    {
        if (current is null) throw new PipelineException(ErrorCode.ApprovalNeeded, "The deploy lock can't be read.", lastSeen: stored.Text, hint: Hint);
        var watch = new LockWatch(time, current);
        await waiter.UntilAsync(
            "the holder to renew the lock or its lease to end",
            settings.Waits.Pace((current.LeaseSeconds + current.AttemptSeconds) * 2) with { Longest = TimeSpan.FromSeconds(current.LeaseSeconds / 10) },
            async token =>
            {
                var seen = await store.ReadAsync(token);
                if (seen is null || watch.HasExpired(current, seen.ETag)) return Poll.Done(true);
                return watch.HasChanged
                    ? throw new PipelineException(ErrorCode.Locked, $"The holder of the lock is alive, and renews it: {current.Describe()}.", hint: Hint)
                    : Poll.NotYet<bool>("not renewed yet");
            },
            cancellationToken);
        return stored;
    }

    private async Task FreeAsync(StoredText stored, LockDocument? current, CancellationToken cancellationToken)
    {
        var free = current is null
            ? new LockDocument
            {
                Token = Guid.NewGuid().ToString("n"),
                Target = options.Target,
                Holder = "Unlock",
                Since = time.GetUtcNow(),
                LeaseSeconds = settings.Deployment.LockLeaseSeconds,
                AttemptSeconds = settings.Deployment.AttemptSeconds,
            }
            : current with { Held = false, Token = Guid.NewGuid().ToString("n") };

        // With approval, a holder that renews it in between is overruled; without, it has the last word.
        for (var tries = 0; await store.SwapAsync(free.ToJson(), stored.ETag, cancellationToken) is null; tries++)
        {
            if (options.Approve is null || tries == 10)
                throw new PipelineException(ErrorCode.Locked, "The lock was written by somebody else just now.", hint: Hint);
            stored = await store.ReadAsync(cancellationToken) ?? throw new PipelineException(ErrorCode.Locked, "The lock is gone: the cluster is being destroyed.");
        }

        progress.Changed("the deploy lock is free");
    }
}
