namespace SyncStorage.ServiceHost.Serving;

/// <summary>
/// Lets so many requests at once to one dbnode, and some more wait for a moment; the rest is turned away at once. So a dbnode that hangs
/// holds up its own users' requests and nobody else's, and a flood is answered with "later" instead of piling up.
/// </summary>
internal sealed class NodeGate(string node, GateLimits limits, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim places = new(limits.MostInService);
    private int present;
    private long overloadedAt = long.MinValue;

    /// <summary>The dbnode's name.</summary>
    public string Node => node;

    /// <summary>Requests that are worked on.</summary>
    public int InService => limits.MostInService - places.CurrentCount;

    /// <summary>Requests that wait.</summary>
    public int Waiting => Math.Max(0, Volatile.Read(ref present) - InService);

    /// <summary>Whether requests had to wait, or were turned away, a moment ago.</summary>
    public bool Overloaded
    {
        get
        {
            var at = Interlocked.Read(ref overloadedAt);
            return at != long.MinValue && time.GetElapsedTime(at) < limits.OverloadMemory;
        }
    }

    /// <summary>Takes a place, which <see cref="Leave"/> gives back; false if there is none in time.</summary>
    public async ValueTask<bool> TryEnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref present) > limits.MostInService + limits.MostWaiting)
        {
            NoteOverload();
            Interlocked.Decrement(ref present);
            return false;
        }

        // Without a timer or a linked token, which the usual case must not pay for.
        if (places.Wait(TimeSpan.Zero, CancellationToken.None)) return true;

        NoteOverload();
        using var patience = new CancellationTokenSource(limits.LongestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await places.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            Interlocked.Decrement(ref present);
            return false;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave()
    {
        places.Release();
        Interlocked.Decrement(ref present);
    }

    public void Dispose() => places.Dispose();

    private void NoteOverload() => Interlocked.Exchange(ref overloadedAt, time.GetTimestamp());
}

/// <summary>How much a <see cref="NodeGate"/> lets through.</summary>
internal sealed record GateLimits
{
    /// <summary>Requests at once: more than there are connections, since many are answered from the cache.</summary>
    public int MostInService { get; init; } = 64;

    /// <summary>Requests that may wait besides.</summary>
    public int MostWaiting { get; init; } = 256;

    /// <summary>How long one may wait.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long clients are told to come less often after there was too much.</summary>
    public TimeSpan OverloadMemory { get; init; } = TimeSpan.FromSeconds(10);
}
