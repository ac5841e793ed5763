using SyncStorage.Pipeline.Locking;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Tests.Locking;

/// <summary>The lock object in memory.</summary>
internal sealed class MemoryLock : ILockStore
{
    private readonly SimulatedObject item = new();
    private int looks;

    /// <summary>The next write arrives, and its writer learns that its condition failed: an attempt's answer was lost, and it was tried again.</summary>
    public bool LoseNextAnswer { get; set; }

    /// <summary>Called before each look, with its number.</summary>
    public Func<int, Task> Looked { get; set; } = _ => Task.CompletedTask;

    public LockDocument Document => LockDocument.TryParse(item.Content!.Text)!;

    public void Put(string text) => item.Swap(text, item.Content?.ETag);

    public async Task<StoredText?> ReadAsync(CancellationToken cancellationToken)
    {
        await Looked(++looks);
        return item.Content;
    }

    public Task<string?> SwapAsync(string text, string? expected, CancellationToken cancellationToken)
    {
        var written = item.Swap(text, expected);
        if (!LoseNextAnswer) return Task.FromResult(written);
        LoseNextAnswer = false;
        return Task.FromResult<string?>(null);
    }
}
