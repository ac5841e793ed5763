using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SyncStorage.LocalCloud.Tests.Elb;

/// <summary>
/// An instance's service that keeps the bytes it got: request heads as they were on the wire. Each connection serves one
/// request. It answers 200 to /health (unless told not to), and otherwise what <see cref="Answer"/> says.
/// </summary>
internal sealed class RawBackend : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly Task accepting;
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentBag<Task> connections = [];

    public RawBackend(string address, int port = 0)
    {
        listener = new TcpListener(IPAddress.Parse(address), port);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public IPAddress Address => ((IPEndPoint)listener.LocalEndpoint).Address;

    public volatile bool Healthy = true;

    public ConcurrentQueue<string> Heads { get; } = new();

    /// <summary>The raw answer to a request: its head and its body.</summary>
    public Func<string, byte[], Task<string>> Answer { get; set; } = (_, _) => Task.FromResult(Response("200 OK", "hello"));

    public static string Response(string status, string body) =>
        $"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();

        // First it no longer accepts, then it no longer listens: accepting on a stopped listener is an error of its own.
        await accepting;
        listener.Stop();
        await Task.WhenAll(connections);
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) connections.Add(ServeAsync(await listener.AcceptTcpClientAsync(ending.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The test ends.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var closing = client;
        try
        {
            var stream = client.GetStream();
            var bytes = new List<byte>();
            while (!Encoding.Latin1.GetString([.. bytes]).Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                var buffer = new byte[1];
                if (await stream.ReadAsync(buffer, ending.Token) == 0) return;
                bytes.Add(buffer[0]);
            }

            var head = Encoding.Latin1.GetString([.. bytes]);
            var body = await BodyAsync(head, stream);
            string answer;
            if (head.StartsWith("GET /health ", StringComparison.Ordinal))
            {
                answer = Response(Healthy ? "200 OK" : "503 Service Unavailable", "");
            }
            else
            {
                Heads.Enqueue(head);
                answer = await Answer(head, body).WaitAsync(ending.Token);
            }

            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), ending.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The other side, or the test, ended it.
        }
    }

    private async Task<byte[]> BodyAsync(string head, NetworkStream stream)
    {
        var line = head.Split("\r\n").FirstOrDefault(header => header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        var body = new byte[line is null ? 0 : int.Parse(line.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, ending.Token);
        return body;
    }
}
