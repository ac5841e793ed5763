using System.Buffers;
using System.Net.Sockets;

namespace SyncStorage.Webhead.Cache;

/// <summary>
/// One connection to one memcached, which many callers use at once: commands that come together leave together, and answers are
/// given out in the order of the commands. Who is silent for too long with commands waiting is given up.
/// </summary>
internal sealed class MemcachedPipe : IDisposable
{
    private const int KeptBuffer = 64 * 1024;

    // Ticks without a byte, not time, and only those that came on time: where we get no processor, the other may get none either.
    private const int MostSilentTicks = 20;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LateTick = Tick * 2;
    private static long connections;

    private readonly Lock gate = new();
    private readonly Queue<CacheOperation> waiting = new();
    private readonly TaskCompletionSource<Exception> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long number = Interlocked.Increment(ref connections);
    private readonly Socket socket;
    private readonly TimeProvider time;
    private readonly ITimer watchdog;
    private ArrayBufferWriter<byte> output = new();
    private ArrayBufferWriter<byte> sending = new();
    private bool isSending;
    private Exception? failure;
    private int outstanding;
    private long received;
    private long receivedAtTick;
    private long tickedAt;
    private int silentTicks;
    private bool isWatched;

    private MemcachedPipe(Socket socket, TimeProvider time)
    {
        this.socket = socket;
        this.time = time;
        watchdog = time.CreateTimer(_ => Watch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ = ReceiveAsync();
    }

    /// <summary>Ends when the connection does, with the reason.</summary>
    public Task<Exception> Closed => closed.Task;

    public bool IsOpen => Volatile.Read(ref failure) is null;

    public static async Task<MemcachedPipe> OpenAsync(CacheAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            return new MemcachedPipe(socket, time);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Runs a command.</summary>
    public ValueTask<CacheAnswer> RunAsync(CacheCommand command)
    {
        // Values that were read over another connection may be from before a restart: there, their numbers mean nothing.
        if (command.Seen is { } seen && seen.Connection != number) return new(new CacheAnswer(CacheOutcome.NotDone));
        var operation = CacheOperation.Of(command);
        var answer = operation.AnswerAsync();
        bool send;
        lock (gate) send = Enqueue(operation);
        if (send) _ = SendAsync();
        return answer;
    }

    /// <summary>Runs commands in their order.</summary>
    public async ValueTask<CacheAnswer[]> RunAsync(CacheCommand[] commands)
    {
        var operations = new CacheOperation?[commands.Length];
        var send = false;
        lock (gate)
        {
            for (var index = 0; index < commands.Length; index++)
            {
                if (commands[index].Seen is { } seen && seen.Connection != number) continue;
                var operation = operations[index] = CacheOperation.Of(commands[index]);
                send |= Enqueue(operation);
            }
        }

        if (send) _ = SendAsync();
        var answers = new CacheAnswer[commands.Length];
        for (var index = 0; index < commands.Length; index++)
            answers[index] = operations[index] is { } operation ? await operation.AnswerAsync() : new CacheAnswer(CacheOutcome.NotDone);
        return answers;
    }

    public void Dispose() => Close(new ObjectDisposedException(nameof(MemcachedPipe)));

    private bool Enqueue(CacheOperation operation)
    {
        if (failure is not null)
        {
            operation.Fail(Unavailable(failure));
            return false;
        }

        operation.Write(output);
        waiting.Enqueue(operation);
        Interlocked.Increment(ref outstanding);
        if (!isWatched) BeginWatch();
        if (isSending) return false;
        return isSending = true;
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                lock (gate)
                {
                    if (sending.Capacity > KeptBuffer) sending = new ArrayBufferWriter<byte>();
                    else sending.ResetWrittenCount();
                    if (output.WrittenCount == 0)
                    {
                        isSending = false;
                        return;
                    }

                    (output, sending) = (sending, output);
                }

                var rest = sending.WrittenMemory;
                while (!rest.IsEmpty) rest = rest[await socket.SendAsync(rest)..];
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Close(exception);
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[KeptBuffer];
        var filled = 0;
        CacheOperation? current = null;
        try
        {
            while (true)
            {
                var count = await socket.ReceiveAsync(buffer.AsMemory(filled));
                if (count == 0) throw new EndOfStreamException("memcached closed the connection");
                Interlocked.Add(ref received, count);
                filled = Deliver(buffer.AsSpan(0, filled + count), ref current);
            }
        }
        catch (Exception exception) when (exception is SocketException or IOException or InvalidDataException or ObjectDisposedException)
        {
            Close(exception);
            current?.Fail(Unavailable(exception));
        }
    }

    /// <summary>Gives out what came, and moves the rest to the front; returns how much that is.</summary>
    private int Deliver(Span<byte> buffer, ref CacheOperation? current)
    {
        ReadOnlySpan<byte> input = buffer;
        while (!input.IsEmpty)
        {
            if (current is null)
            {
                lock (gate)
                {
                    if (!waiting.TryDequeue(out current)) throw new InvalidDataException("memcached answered what nobody asked");
                }
            }

            if (current.Read(ref input, number) is not { } answer) break;
            var done = current;
            current = null;
            Interlocked.Decrement(ref outstanding);
            done.Succeed(answer);
        }

        input.CopyTo(buffer);
        return input.Length;
    }

    private void BeginWatch()
    {
        isWatched = true;
        Hear(Interlocked.Read(ref received));
        watchdog.Change(Tick, Tick);
    }

    private void Hear(long now) => (receivedAtTick, silentTicks, tickedAt) = (now, 0, time.GetTimestamp());

    private void Watch()
    {
        lock (gate)
        {
            if (Volatile.Read(ref outstanding) == 0)
            {
                // An idle connection costs nothing: a hundred ticks a second of each would be what an idle webhead does most.
                isWatched = false;
                watchdog.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            var now = Interlocked.Read(ref received);
            if (now != receivedAtTick)
            {
                Hear(now);
                return;
            }

            var sinceLast = time.GetElapsedTime(tickedAt);
            tickedAt = time.GetTimestamp();
            if (sinceLast >= LateTick || ++silentTicks < MostSilentTicks) return;
        }

        Close(new TimeoutException("no answer in time"));
    }

    private void Close(Exception exception)
    {
        List<CacheOperation> failed;
        lock (gate)
        {
            if (failure is not null) return;
            failure = exception;
            failed = [.. waiting];
            waiting.Clear();
        }

        watchdog.Dispose();
        socket.Dispose();
        closed.SetResult(exception);
        foreach (var operation in failed) operation.Fail(Unavailable(exception));
    }

    private static CacheUnavailableException Unavailable(Exception exception) => new(exception.Message, exception);
}
