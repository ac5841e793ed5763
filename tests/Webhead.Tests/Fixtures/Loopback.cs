using System.Net;
using System.Net.Sockets;

namespace SyncStorage.Webhead.Tests.Fixtures;

/// <summary>Addresses of this test run, and ports that are free on them.</summary>
internal static class Loopback
{
    private static int last;

    /// <summary>An address in 127.0.0.0/8 that no other test of this run has, and hardly another run.</summary>
    public static IPAddress NextAddress() => new([127, (byte)(100 + Environment.ProcessId % 100), (byte)(Environment.ProcessId / 100 % 250 + 1),
        (byte)(Interlocked.Increment(ref last) % 250 + 1)]);

    public static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Tries until it succeeds or half a minute has passed.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (!patience.IsCancellationRequested) await timer.WaitForNextTickAsync(CancellationToken.None);
            else throw new TimeoutException($"Half a minute passed without: {what}");
        }
    }

    public static async Task<bool> AcceptsAsync(IPAddress address, int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
