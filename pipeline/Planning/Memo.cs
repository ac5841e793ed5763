namespace SyncStorage.Pipeline.Planning;

/// <summary>A fact about AWS, read once a run and read again only after it was changed. Those who ask while it is being read share the answer.</summary>
/// <param name="read">Reads it.</param>
public sealed class Memo<T>(Func<CancellationToken, Task<T>> read)
{
    private readonly Lock gate = new();
    private (bool Known, T Value) state;
    private Task<T>? reading;
    private Func<CancellationToken, Task<T>>? once;
    private int changes;

    /// <summary>Whether it is known without reading.</summary>
    public bool IsKnown
    {
        get
        {
            lock (gate) return state.Known;
        }
    }

    /// <summary>The fact as read last.</summary>
    public Task<T> GetAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (state.Known) return Task.FromResult(state.Value);
            if (reading is { } begun) return begun.WaitAsync(cancellationToken);
            var now = ReadAsync(once ?? read, changes, cancellationToken);
            once = null;
            if (!now.IsCompleted) reading = now;
            return now;
        }
    }

    /// <summary>Begins to read it beside what comes next. That it fails is for nobody: who asks for it reads again.</summary>
    public void Begin(CancellationToken cancellationToken) => _ = Task.Run(() => GetAsync(cancellationToken), cancellationToken)
        .ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    /// <summary>Reads it again, now.</summary>
    public Task<T> RefreshAsync(CancellationToken cancellationToken)
    {
        Forget();
        return GetAsync(cancellationToken);
    }

    /// <summary>What was just made so is known without reading it.</summary>
    public void Set(T value)
    {
        lock (gate) (state, reading, changes, once) = ((true, value), null, changes + 1, null);
    }

    /// <summary>The next <see cref="GetAsync"/> reads again: something changed.</summary>
    /// <param name="readOnce">How it is read then, where most of it is known; null for all of it.</param>
    public void Forget(Func<CancellationToken, Task<T>>? readOnce = null)
    {
        lock (gate) (state, reading, changes, once) = (default, null, changes + 1, readOnce);
    }

    private async Task<T> ReadAsync(Func<CancellationToken, Task<T>> how, int before, CancellationToken cancellationToken)
    {
        try
        {
            var value = await how(cancellationToken);
            lock (gate)
            {
                // What was read before something changed is told to who asked before, and to nobody else.
                if (changes == before) state = (true, value);
            }

            return value;
        }
        finally
        {
            lock (gate)
            {
                if (changes == before) reading = null;
            }
        }
    }
}
