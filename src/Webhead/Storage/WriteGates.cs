using System.Collections.Concurrent;

namespace SyncStorage.Webhead.Storage;

/// <summary>
/// Lets one write a collection through to the database at a time. The database's lock is what serialises writes; but who waits for it
/// holds a connection, and many writes of one user would leave none to the others.
/// </summary>
internal sealed class WriteGates
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(long Uid, string Collection), Gate> gates = new();

    /// <summary>Waits for its turn. The result must be disposed.</summary>
    /// <exception cref="WriteConflictException">The turn did not come.</exception>
    public async ValueTask<Turn> EnterAsync(long uid, string collection)
    {
        var key = (uid, collection);
        while (true)
        {
            var gate = gates.GetOrAdd(key, _ => new Gate());
            if (!gate.TryJoin()) continue;
            if (await gate.WaitAsync(Patience)) return new Turn(this, key, gate);
            Leave(key, gate, entered: false);
            throw new WriteConflictException();
        }
    }

    private void Leave((long Uid, string Collection) key, Gate gate, bool entered)
    {
        if (!gate.Leave(entered)) return;
        gates.TryRemove(KeyValuePair.Create(key, gate));
        gate.Dispose();
    }

    internal readonly struct Turn(WriteGates gates, (long Uid, string Collection) key, Gate gate) : IDisposable
    {
        public void Dispose() => gates.Leave(key, gate, entered: true);
    }

    /// <summary>A gate that is thrown away with the last who leaves it.</summary>
    internal sealed class Gate : IDisposable
    {
        private readonly SemaphoreSlim semaphore = new(1, 1);
        private int users;
        private bool closed;

        public bool TryJoin()
        {
            lock (semaphore)
            {
                if (!closed) users++;
                return !closed;
            }
        }

        public void Dispose() => semaphore.Dispose();

        public Task<bool> WaitAsync(TimeSpan patience) => semaphore.WaitAsync(patience);

        public bool Leave(bool entered)
        {
            if (entered) semaphore.Release();
            lock (semaphore) return closed = --users == 0;
        }
    }
}
