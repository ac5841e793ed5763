namespace SyncStorage.Pipeline.Planning;

/// <summary>A fact about AWS, read once a run and read again only after it was changed. For one reader at a time.</summary>
/// <param name="read">Reads it.</param>
public sealed class Memo<T>(Func<CancellationToken, Task<T>> read)
{
    private (bool Known, T Value) state;

    /// <summary>The fact as read last.</summary>
    public async Task<T> GetAsync(CancellationToken cancellationToken)
    {
        if (!state.Known) state = (true, await read(cancellationToken));
        return state.Value;
    }

    /// <summary>Reads it again, now.</summary>
    public Task<T> RefreshAsync(CancellationToken cancellationToken)
    {
        Forget();
        return GetAsync(cancellationToken);
    }

    /// <summary>What was just made so is known without reading it.</summary>
    public void Set(T value) => state = (true, value);

    /// <summary>The next <see cref="GetAsync"/> reads again: something changed.</summary>
    public void Forget() => state = default;
}
