using System.Net.Sockets;
using System.Text;
using SyncStorage.SyncClient;
using SyncStorage.Webhead.Tests.Fixtures;

namespace SyncStorage.Webhead.Tests.Serving;

/// <summary>A webhead that ends, with connections that a test holds in its hands.</summary>
[TestFixture]
internal sealed class DrainTests : ClusterTests
{
    private const string Body = """{"payload":"slow, but it arrives"}""";

    [Test]
    public async Task Terminate_UploadUnderWay_IsFinishedAndItsConnectionClosed()
    {
        await using var webhead = new WebheadProcess(Cluster.Aws);
        await webhead.UntilAsync("ok");
        using var idle = await ConnectAsync(webhead);
        using var upload = await ConnectAsync(webhead);
        var request = Put();
        var half = request.Length - Body.Length / 2;
        await upload.SendAsync(request.AsMemory(0, half));

        // Until the upload is seen to be in flight: the metrics' own request is the other one.
        await Loopback.UntilAsync(async () => (await GetAsync(webhead, "/__metrics__")).Contains("requests_in_flight 2", StringComparison.Ordinal), "the upload has begun");
        await webhead.Process.TerminateAsync();
        await webhead.UntilAsync("draining");
        await idle.SendAsync("GET /__lbheartbeat__ HTTP/1.1\r\nHost: h\r\n\r\n"u8.ToArray());
        var keptAlive = await ReadToEndAsync(idle);
        await upload.SendAsync(request.AsMemory(half));
        var finished = await ReadToEndAsync(upload);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(keptAlive, Does.StartWith("HTTP/1.1 200").And.Contains("Connection: close"));
            Assert.That(finished, Does.StartWith("HTTP/1.1 200").And.Contains("Connection: close").And.Contains("X-Last-Modified"));
            Assert.That(await webhead.Process.WaitAsync(), Is.Zero);
        }
    }

    private static byte[] Put()
    {
        const string target = "/1.5/4712/storage/c/slow";
        var credentials = Tokens.Issue(4712, "http://sync0.localhost:8080", new TokenSecret("newer0"), TimeSpan.FromMinutes(5), TimeProvider.System);
        var authorization = Hawk.Authorize(credentials, new HawkRequest("PUT", target, "sync0.localhost", 8080), TimeProvider.System);
        return Encoding.ASCII.GetBytes(
            $"PUT {target} HTTP/1.1\r\nHost: sync0.localhost:8080\r\nAuthorization: {authorization}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Body.Length}\r\n\r\n{Body}");
    }

    private static async Task<Socket> ConnectAsync(WebheadProcess webhead)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(webhead.Address, webhead.Port);
        return socket;
    }

    private static async Task<string> GetAsync(WebheadProcess webhead, string path)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(webhead.Uri, path));
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
