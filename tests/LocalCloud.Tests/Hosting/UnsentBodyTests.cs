using System.Net.Sockets;
using System.Text;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Hosting;

/// <summary>Clients that hold their body back until they are told to go on, byte by byte: no HTTP library would show what is on the wire.</summary>
[Category(Categories.Emulator)]
internal sealed class UnsentBodyTests
{
    private const string Health = "GET /_localcloud/health HTTP/1.1\r\nHost: localhost\r\n\r\n";

    [TestCase("PUT /bucket/key HTTP/1.1\r\nHost: localhost", "403", TestName = "Refused_UnsignedObject_EndsTheConnection")]
    [TestCase("PUT /bucket/key HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic YTpi", "400", TestName = "Refused_StrangeSignature_EndsTheConnection")]
    [TestCase("PUT /bucket/key HTTP/1.1\r\nHost: aws.example", "403", TestName = "Refused_AnothersHost_EndsTheConnection")]
    public async Task Refused_BeforeItsBodyIsAskedFor_EndsTheConnection(string head, string status)
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        using var connection = await RawConnection.OpenAsync(cloud.Endpoint);

        // What follows is the client's next request. It must not be taken for the body that was never sent.
        await connection.SendAsync($"{head}\r\nContent-Length: {Health.Length}\r\nExpect: 100-continue\r\n\r\n");
        var refusal = await connection.ReadAnswerAsync();
        await connection.TrySendAsync(Health + Health);
        var rest = await connection.ReadToEndAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal, Does.StartWith($"HTTP/1.1 {status} "));
            Assert.That(refusal, Does.Contain("\r\nConnection: close\r\n"));
            Assert.That(rest, Does.Not.Contain("HTTP/1.1").And.Not.Contain("stays open"), "a client that believes the connection open would take this for its answer");
        }
    }

    [Test]
    public async Task Refused_AfterItsBodyWasAskedFor_ConnectionGoesOn()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        using var connection = await RawConnection.OpenAsync(cloud.Endpoint);
        const string Form = "Action=GetCallerIdentity&Version=2011-06-15";

        await connection.SendAsync($"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {Form.Length}\r\nExpect: 100-continue\r\n\r\n");
        var goOn = await connection.ReadAnswerAsync();
        await connection.SendAsync(Form);
        var refusal = await connection.ReadAnswerAsync();
        await connection.SendAsync(Health);
        var next = await connection.ReadAnswerAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(goOn, Is.EqualTo("HTTP/1.1 100 Continue\r\n\r\n"));
            Assert.That(refusal, Does.StartWith("HTTP/1.1 403 ").And.Contain("MissingAuthenticationToken").And.Not.Contain("Connection: close"));
            Assert.That(next, Does.StartWith("HTTP/1.1 200 ").And.Contain("\"ready\""));
        }
    }

    private sealed class RawConnection : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

        private readonly TcpClient client = new();
        private readonly CancellationTokenSource patience = new(Patience);
        private string unread = "";

        public static async Task<RawConnection> OpenAsync(Uri endpoint)
        {
            var connection = new RawConnection();
            await connection.client.ConnectAsync(endpoint.Host, endpoint.Port, connection.patience.Token);
            return connection;
        }

        public async Task SendAsync(string text) => await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), patience.Token);

        /// <summary>Sends to a peer that may have closed its end.</summary>
        public async Task TrySendAsync(string text)
        {
            try
            {
                await SendAsync(text);
            }
            catch (IOException)
            {
                // It has.
            }
        }

        /// <summary>One head, with the body that its length announces.</summary>
        public async Task<string> ReadAnswerAsync()
        {
            int end;
            while ((end = unread.IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0 && await ReadMoreAsync())
            {
            }

            Assert.That(end, Is.GreaterThan(0), $"no answer, but: {unread}");
            var length = end + 4 + LengthOf(unread[..end]);
            while (unread.Length < length && await ReadMoreAsync())
            {
            }

            var answer = unread[..length];
            unread = unread[length..];
            return answer;
        }

        public async Task<string> ReadToEndAsync()
        {
            while (await ReadMoreAsync())
            {
            }

            return unread;
        }

        public void Dispose()
        {
            client.Dispose();
            patience.Dispose();
        }

        private static int LengthOf(string head) => head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase)) is { } line
            ? int.Parse(line["Content-Length: ".Length..], System.Globalization.CultureInfo.InvariantCulture) : 0;

        private async Task<bool> ReadMoreAsync()
        {
            var buffer = new byte[8192];
            try
            {
                var count = await client.GetStream().ReadAsync(buffer, patience.Token);
                unread += Encoding.UTF8.GetString(buffer, 0, count);
                return count > 0;
            }
            catch (IOException)
            {
                // What it closed, it may also have reset.
                return false;
            }
            catch (OperationCanceledException)
            {
                unread += "(the connection stays open)";
                return false;
            }
        }
    }
}
