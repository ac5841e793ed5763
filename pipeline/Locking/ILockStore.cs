using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Locking;

/// <summary>One object with conditional writes: what a lock needs from the outside.</summary>
public interface ILockStore
{
    /// <summary>The object, or null if there is none.</summary>
    Task<StoredText?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Writes it if it still is what <paramref name="expected"/> says.</summary>
    /// <param name="text">The new content.</param>
    /// <param name="expected">The ETag that it must still have; null if it must not exist.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>
    /// The new ETag, or null if the condition failed: somebody else was first, or an earlier attempt of this very write, whose answer was lost.
    /// </returns>
    Task<string?> SwapAsync(string text, string? expected, CancellationToken cancellationToken);
}

/// <summary>The lock object in the cluster's bucket. Its calls are counted apart and need no lease.</summary>
public sealed class BucketLockStore(ClusterBucket bucket) : ILockStore
{
    /// <summary>The object's key.</summary>
    public const string Key = "state/lock.json";

    /// <inheritdoc/>
    public async Task<StoredText?> ReadAsync(CancellationToken cancellationToken)
    {
        using var state = Aws.CallRecorder.StateCalls();
        return await bucket.ReadAsync(Key, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string?> SwapAsync(string text, string? expected, CancellationToken cancellationToken)
    {
        using var state = Aws.CallRecorder.StateCalls();
        return await bucket.SwapAsync(Key, text, expected, cancellationToken);
    }
}
