using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Hosting;

/// <summary>Binds the listener's port before anything else is started.</summary>
internal static class LoopbackSocket
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(2);

    /// <exception cref="StartException">The port is busy; the message says by what, if that can be seen.</exception>
    public static async Task<Socket> BindAsync(int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            if (exception.SocketErrorCode != SocketError.AddressAlreadyInUse)
                throw new StartException($"The port {port} can't be bound on 127.0.0.1: {exception.Message}.", exception);
            throw new StartException($"The port {port} is busy: {await HolderAsync(port, cancellationToken)}. Stop it, or choose another port with --port.", exception);
        }
    }

    private static async Task<string> HolderAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new HttpClient { Timeout = AskTimeout };
            var health = JsonNode.Parse(await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/_localcloud/health"), cancellationToken));
            return $"a LocalCloud with the state directory {health!["stateDirectory"]} has it (pid {health["pid"]})";
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return PortHolder.Find(port) is { } holder ? $"the process {holder} has it" : "a process of another user has it, or one that can't be seen";
        }
    }
}
