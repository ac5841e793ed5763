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

/// <summary>The lock object in the cluster's bucket.</summary>
public sealed class BucketLockStore(StateObjects objects) : ILockStore
{
    /// <summary>The object's key.</summary>
    public const string Key = "state/lock.json";

    /// <inheritdoc/>
    public Task<StoredText?> ReadAsync(CancellationToken cancellationToken) => objects.ReadAsync(Key, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> SwapAsync(string text, string? expected, CancellationToken cancellationToken) => objects.SwapAsync(Key, text, expected, cancellationToken);
}
