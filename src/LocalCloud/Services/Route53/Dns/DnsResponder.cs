using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace SyncStorage.LocalCloud.Services.Route53.Dns;

/// <summary>A name server on loopback, by UDP and TCP, on an address of its own.</summary>
internal sealed partial class DnsResponder(DnsAnswers answers, IAddressPool addresses, ILogger<DnsResponder> log) : IAsyncDisposable
{
    private const int Port = 10053;
    private const string Owner = "dns";
    private const int LargestQuery = 4096;
    private const int MostConnections = 64;
    private static readonly TimeSpan LongestConnection = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim connections = new(MostConnections);
    private Socket? udp;
    private Socket? tcp;
    private Task running = Task.CompletedTask;

    /// <summary>Where it listens; null if it does not.</summary>
    public IPEndPoint? Address { get; private set; }

    /// <summary>Opens it. Who has the port keeps it: then there is no name server, and the log says so.</summary>
    public void Start()
    {
        try
        {
            var address = new IPEndPoint(addresses.Lease(Owner, Port), Port);
            udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(address);
            tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            tcp.Bind(address);
            tcp.Listen();
            Address = address;
        }
        catch (Exception failure) when (failure is SocketException or AwsException)
        {
            LogNoNameServer(failure.Message);
            udp?.Dispose();
            tcp?.Dispose();
            return;
        }

        running = Task.WhenAll(AnswerDatagramsAsync(udp, stopping.Token), AcceptAsync(tcp, stopping.Token));
    }

    /// <summary>Closes it.</summary>
    public async Task StopAsync()
    {
        if (stopping.IsCancellationRequested) return;
        await stopping.CancelAsync();
        udp?.Dispose();
        tcp?.Dispose();
        Address = null;
        await running;
    }

    public async ValueTask DisposeAsync()
    {
        // The container knows the service under two types, and disposes it for each.
        await StopAsync();
        stopping.Dispose();
        connections.Dispose();
    }

    private async Task AnswerDatagramsAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[LargestQuery];
        var anybody = new IPEndPoint(IPAddress.Any, 0);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var received = await socket.ReceiveFromAsync(buffer, anybody, cancellationToken);
                if (Answer(buffer.AsMemory(0, received.ReceivedBytes), isDatagram: true) is { } answer) await socket.SendToAsync(answer, received.RemoteEndPoint, cancellationToken);
            }
            catch (SocketException)
            {
                // Who asked has gone.
            }
            catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AcceptAsync(Socket socket, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await connections.WaitAsync(cancellationToken);
                _ = AnswerConnectionAsync(await socket.AcceptAsync(cancellationToken), cancellationToken);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // LocalCloud ends.
        }
    }

    private async Task AnswerConnectionAsync(Socket client, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(LongestConnection);
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            var length = new byte[2];
            while (await stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false, deadline.Token) == 2)
            {
                var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(message, deadline.Token);
                if (Answer(message, isDatagram: false) is not { } answer) return;
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                await stream.WriteAsync((byte[])[.. length, .. answer], deadline.Token);
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // It went away, or said nothing for too long.
        }
        finally
        {
            connections.Release();
        }
    }

    private byte[]? Answer(ReadOnlyMemory<byte> message, bool isDatagram)
    {
        try
        {
            return DnsMessage.TryRead(message) is { } query ? DnsMessage.Write(query, answers.Of(query), isDatagram ? query.LargestAnswer : ushort.MaxValue) : null;
        }
#pragma warning disable CA1031 // Whatever it is: one question goes without an answer, and the next gets one.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogFailed(failure);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "There is no name server for hosted zones: {Reason}")]
    private partial void LogNoNameServer(string reason);

    [LoggerMessage(LogLevel.Error, "A question to the name server could not be answered")]
    private partial void LogFailed(Exception exception);
}
