using System.Net;
using System.Text;
using SyncStorage.Pipeline.Hooks;
using SyncStorage.TestSupport;

namespace SyncStorage.Pipeline.Tests.Hooks;

[Category(Categories.Emulator)]
public sealed class WebhookTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Test]
    public async Task SendAsync_Listener_GetsTheReportByPost()
    {
        using var listener = new Listener(_ => 204);
        using var webhook = new Webhook(TimeProvider.System);

        var result = await webhook.SendAsync(listener.Url, "{ \"result\": \"succeeded\" }", Long, CancellationToken.None);

        Assert.That(result.Failure, Is.Null);
        Assert.That(listener.Requests, Is.EqualTo(["POST /hook?token=secret application/json; charset=utf-8 { \"result\": \"succeeded\" }"]));
    }

    [TestCase(503, 2, ExpectedResult = "answered 503")]
    [TestCase(429, 2, ExpectedResult = "answered 429")]
    [TestCase(404, 1, ExpectedResult = "answered 404")]
    [TestCase(302, 1, ExpectedResult = "answered 302")]
    public async Task<string?> SendAsync_Refused_IsTriedOnceMoreOnlyWhereThatMayHelp(int status, int attempts)
    {
        using var listener = new Listener(_ => status);
        using var webhook = new Webhook(TimeProvider.System);

        var result = await webhook.SendAsync(listener.Url, "{}", Long, CancellationToken.None);

        Assert.That(listener.Requests, Has.Count.EqualTo(attempts));
        return result.Failure;
    }

    [Test]
    public async Task SendAsync_WellAtTheSecondAttempt_Succeeds()
    {
        using var listener = new Listener(attempt => attempt == 1 ? 500 : 200);
        using var webhook = new Webhook(TimeProvider.System);

        var result = await webhook.SendAsync(listener.Url, "{}", Long, CancellationToken.None);

        Assert.That(result.Failure, Is.Null);
    }

    [Test]
    public async Task SendAsync_NobodyThere_SaysSoWithoutTheUrl()
    {
        Uri url;
        using (var listener = new Listener(_ => 200)) url = listener.Url;
        using var webhook = new Webhook(TimeProvider.System);

        var result = await webhook.SendAsync(url, "{}", Long, CancellationToken.None);

        Assert.That(result.Failure, Does.Contain("could not be reached").And.Not.Contain("secret"));
    }

    [Test]
    public async Task SendAsync_NoAnswer_EndsAtItsTimeout()
    {
        using var listener = new Listener(_ => null);
        using var webhook = new Webhook(TimeProvider.System);

        var result = await webhook.SendAsync(listener.Url, "{}", TimeSpan.FromSeconds(1), CancellationToken.None);

        Assert.That(result.Failure, Is.EqualTo("did not answer within 1 s"));
    }

    [Test]
    public void SendAsync_Interrupted_Throws()
    {
        using var listener = new Listener(_ => null);
        using var webhook = new Webhook(TimeProvider.System);
        using var interruption = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        Assert.That(async () => await webhook.SendAsync(listener.Url, "{}", Long, interruption.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    /// <summary>An HTTP server on loopback, on a port of its own.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly HttpListener http = new();
        private readonly Func<int, int?> status;
        private readonly Task serving;

        public Listener(Func<int, int?> status)
        {
            this.status = status;
            for (var tries = 0; ; tries++)
            {
                var port = Random.Shared.Next(20_000, 30_000);
                http.Prefixes.Clear();
                http.Prefixes.Add($"http://127.0.0.1:{port}/");
                try
                {
                    http.Start();
                    Url = new Uri($"http://127.0.0.1:{port}/hook?token=secret");
                    break;
                }
                catch (HttpListenerException) when (tries < 20)
                {
                    // Somebody else's port.
                }
            }

            serving = ServeAsync();
        }

        public Uri Url { get; }

        public List<string> Requests { get; } = [];

        public void Dispose()
        {
            http.Close();
            _ = serving;
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await http.GetContextAsync();
                    using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                    Requests.Add($"{context.Request.HttpMethod} {context.Request.RawUrl} {context.Request.ContentType} {await reader.ReadToEndAsync()}");
                    if (status(Requests.Count) is not { } code) continue;
                    context.Response.StatusCode = code;
                    context.Response.Close();
                }
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException or IOException)
            {
                // The test is over.
            }
        }
    }
}
