using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SyncStorage.LocalCloud.Services.ElastiCache;

/// <summary>The nodes of a cluster, as auto discovery tells them.</summary>
/// <param name="Version">Grows whenever the list changes.</param>
/// <param name="Nodes">The addresses and port of the nodes that serve.</param>
internal sealed record ClusterConfiguration(int Version, IReadOnlyList<IPEndPoint> Nodes)
{
    /// <summary>What <c>config get cluster</c> answers: the version, and <c>host|ip|port</c> of each node, each on a line.</summary>
    public string Text => $"{Version}\n{string.Join(' ', Nodes.Select(node => $"{node.Address}|{node.Address}|{node.Port}"))}\n";
}

/// <summary>
/// A cluster's configuration endpoint. It answers <c>config get cluster</c>; everything else goes to the first node, as
/// on AWS, where the endpoint's name points to a node.
/// </summary>
internal sealed class ConfigurationEndpoint : IAsyncDisposable
{
    private readonly Func<ClusterConfiguration> configuration;
    private readonly TcpListener listener;
    private readonly CancellationTokenSource stopping = new();
    private readonly HashSet<Task> connections = [];
    private readonly Task accepting;

    /// <param name="address">Its own.</param>
    /// <param name="port">On the address.</param>
    /// <param name="configuration">Gives the nodes of the moment.</param>
    /// <exception cref="CacheFailedException">The address can't be used.</exception>
    public ConfigurationEndpoint(IPAddress address, int port, Func<ClusterConfiguration> configuration)
    {
        this.configuration = configuration;
        listener = new TcpListener(address, port);
        try
        {
            listener.Start();
        }
        catch (SocketException failure)
        {
            stopping.Dispose();
            listener.Dispose();
            throw new CacheFailedException($"The configuration endpoint can't listen on {address}:{port}: {failure.Message}", failure);
        }

        accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await accepting;
        listener.Stop();
        Task[] open;
        lock (connections) open = [.. connections];
        await Task.WhenAll(open);
        listener.Dispose();
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                var serving = ServeAsync(client);
                lock (connections) connections.Add(serving);
                _ = serving.ContinueWith(
                    done =>
                    {
                        lock (connections) connections.Remove(done);
                    },
                    CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The endpoint is closed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        // The listener goes on while a client is served.
        await Task.Yield();
        using var closing = client;
        try
        {
            client.NoDelay = true;
            await using var session = new ConfigurationSession(client.GetStream(), configuration);
            await session.RunAsync(stopping.Token);
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or SocketException)
        {
            // One side closed the connection.
        }
    }
}
