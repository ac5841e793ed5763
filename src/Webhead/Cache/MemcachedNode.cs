using System.Net.Sockets;

namespace SyncStorage.Webhead.Cache;

/// <summary>
/// One memcached. Its connection is kept in the background: a node that failed costs the calls under way a fifth of a second at most,
/// and further calls nothing, until it answers again.
/// </summary>
internal sealed class MemcachedNode : IDisposable
{
    private const double Jitter = 0.3;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Hiccup = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stop = new();
    private readonly TimeProvider time;
    private readonly Action opened;
    private readonly Action lost;
    private volatile MemcachedPipe? pipe;
    private volatile TaskCompletionSource<MemcachedPipe> opening = NewOpening();
    private volatile CacheUnavailableException? down;
    private long awaySince;

    /// <summary>Makes a node, and starts to connect.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="opened">Called when there is a connection (again), before it is used.</param>
    /// <param name="lost">Called when it was lost.</param>
    public MemcachedNode(CacheAddress address, TimeProvider time, Action opened, Action lost)
    {
        Address = address;
        this.time = time;
        this.opened = opened;
        this.lost = lost;
        awaySince = time.GetTimestamp();
        _ = Task.Run(SuperviseAsync);
    }

    public CacheAddress Address { get; }

    /// <summary>Whether there has been no connection for longer than a hiccup takes.</summary>
    public bool IsLost => pipe is not { IsOpen: true } && time.GetElapsedTime(Volatile.Read(ref awaySince)) >= Hiccup;

    /// <summary>The connection.</summary>
    /// <exception cref="CacheUnavailableException">There is none, and there was none when it was tried last.</exception>
    public ValueTask<MemcachedPipe> ConnectAsync()
    {
        if (pipe is { IsOpen: true } open) return new(open);
        return down is { } reason ? ValueTask.FromException<MemcachedPipe>(new CacheUnavailableException(reason.Message, reason)) : WaitAsync();
    }

    public void Dispose()
    {
        stop.Cancel();
        pipe?.Dispose();
    }

    private static TaskCompletionSource<MemcachedPipe> NewOpening() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async ValueTask<MemcachedPipe> WaitAsync()
    {
        try
        {
            return await opening.Task.WaitAsync(Patience, time);
        }
        catch (TimeoutException exception)
        {
            throw new CacheUnavailableException($"memcached {Address}: no connection in time", exception);
        }
    }

    private async Task SuperviseAsync()
    {
        var pause = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            if (await TryOpenAsync() is { } fresh)
            {
                pause = FirstPause;
                opened();
                (pipe, down) = (fresh, null);
                opening.TrySetResult(fresh);
                var reason = await fresh.Closed;

                // One that closed its connection was perhaps restarted, and is worth a try at once; not so one that did not answer.
                Volatile.Write(ref awaySince, time.GetTimestamp());
                opening = NewOpening();
                if (reason is TimeoutException) down = Unavailable(reason);
                lost();
            }
            else
            {
                await Task.Delay(pause * (1 + Jitter * Random.Shared.NextDouble()), time, stop.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        stop.Dispose();
    }

    /// <summary>Connects, and sees whether somebody answers; a process that hangs still has its connections taken.</summary>
    private async Task<MemcachedPipe?> TryOpenAsync()
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, patience.Token);
        MemcachedPipe? fresh = null;
        try
        {
            fresh = await MemcachedPipe.OpenAsync(Address, time, either.Token);
            await fresh.RunAsync(new CacheCommand(CacheVerb.Version, ""));
            if (!stop.IsCancellationRequested) return fresh;
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException or CacheUnavailableException)
        {
            var reason = exception is OperationCanceledException ? new TimeoutException("no connection in time") : exception;
            down = Unavailable(reason);
            opening.TrySetException(down);
            _ = opening.Task.Exception;
            opening = NewOpening();
        }

        fresh?.Dispose();
        return null;
    }

    private CacheUnavailableException Unavailable(Exception reason) => new($"memcached {Address}: {reason.Message}", reason);
}
