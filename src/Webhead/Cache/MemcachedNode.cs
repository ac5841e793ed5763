using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;

namespace SyncStorage.Webhead.Cache;

/// <summary>Where a memcached is.</summary>
internal sealed record CacheAddress(string Host, int Port)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}

/// <summary>The cache can't be used at present. Callers go on without it.</summary>
internal sealed class CacheUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// One memcached with its connections. After a failure it is left alone for a second, so that a dead node costs requests nothing.
/// </summary>
internal sealed class MemcachedNode(CacheAddress address, TimeProvider time) : IDisposable
{
    private const int IdleConnections = 32;
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentBag<MemcachedConnection> idle = [];
    private long failedAt = long.MinValue;
    private volatile bool disposed;

    public CacheAddress Address => address;

    private bool Resting
    {
        get
        {
            var failedAt = Interlocked.Read(ref this.failedAt);
            return failedAt != long.MinValue && time.GetElapsedTime(failedAt) < Pause;
        }
    }

    /// <summary>Runs one exchange on a connection of its own.</summary>
    /// <param name="exchange">What to say.</param>
    /// <param name="evenIfResting">Tries although the last call failed: for the heartbeat.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CacheUnavailableException">It failed, took too long, or the node rests.</exception>
    public async Task<T> RunAsync<T>(Func<MemcachedConnection, CancellationToken, Task<T>> exchange, bool evenIfResting,
        CancellationToken cancellationToken)
    {
        if (Resting && !evenIfResting) throw new CacheUnavailableException($"memcached {address} failed a moment ago");

        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var pooled = idle.TryTake(out var connection);
        try
        {
            while (true)
            {
                connection ??= await MemcachedConnection.ConnectAsync(address, either.Token);
                try
                {
                    var answer = await exchange(connection, either.Token);
                    Interlocked.Exchange(ref failedAt, long.MinValue);
                    Keep(connection);
                    connection = null;
                    return answer;
                }
                catch (Exception exception) when (pooled && exception is SocketException or EndOfStreamException)
                {
                    // A connection from before the node's restart: it says nothing about the node now.
                    connection?.Dispose();
                    connection = null;
                    pooled = idle.TryTake(out connection);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or IOException or InvalidDataException or FormatException)
        {
            throw Fail(exception.Message, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fail("no answer in time", exception);
        }
        finally
        {
            connection?.Dispose();
        }
    }

    public void Dispose()
    {
        disposed = true;
        while (idle.TryTake(out var connection)) connection.Dispose();
    }

    private void Keep(MemcachedConnection connection)
    {
        if (disposed || idle.Count >= IdleConnections) connection.Dispose();
        else idle.Add(connection);
    }

    private CacheUnavailableException Fail(string reason, Exception exception)
    {
        Interlocked.Exchange(ref failedAt, time.GetTimestamp());
        return new CacheUnavailableException($"memcached {address}: {reason}", exception);
    }
}
