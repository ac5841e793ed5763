using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>A TCP listener: bytes to an instance and back, one connection at a time.</summary>
internal static class TcpRelay
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(4);

    /// <summary>Connects with a deadline of its own.</summary>
    /// <exception cref="SocketException">It did not connect, also for lack of time.</exception>
    public static async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(ConnectTimeout);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(host), port), deadline.Token);
            return socket;
        }
        catch (Exception failure)
        {
            socket.Dispose();
            if (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested) throw new SocketException((int)SocketError.TimedOut);
            throw;
        }
    }

    /// <summary>Relays one client's connection until either side ends it.</summary>
    public static async Task RunAsync(ConnectionContext client, LoadBalancer balancer, int instancePort)
    {
        List<Backend> tried = [];
        while (balancer.Acquire(tried) is { } lease)
        {
            using (lease)
            {
                try
                {
                    using var socket = await ConnectAsync(lease.Address.ToString(), instancePort, client.ConnectionClosed);
                    using var ends = CancellationTokenSource.CreateLinkedTokenSource(client.ConnectionClosed, lease.Backend.Cut);
                    await using var instance = new NetworkStream(socket);
                    await CopyBothWaysAsync(client, socket, instance, ends.Token);
                    return;
                }
                catch (SocketException)
                {
                    // Nothing was sent: another instance may have it.
                    tried.Add(lease.Backend);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }

        client.Abort();
    }

    private static async Task CopyBothWaysAsync(ConnectionContext client, Socket socket, NetworkStream instance, CancellationToken cancellationToken)
    {
        using var instanceEnded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var up = UpAsync();
        try
        {
            await instance.CopyToAsync(client.Transport.Output.AsStream(leaveOpen: true), cancellationToken);
        }
        catch (IOException)
        {
            client.Abort();
        }
        finally
        {
            await instanceEnded.CancelAsync();
            await up;
        }

        // A client that ends its side may still wait for the answer.
        async Task UpAsync()
        {
            try
            {
                await client.Transport.Input.CopyToAsync(instance, instanceEnded.Token);
                socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException)
            {
                // The instance is gone; the way down ends too.
            }
        }
    }
}
