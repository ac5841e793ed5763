using System.Net;
using System.Net.Sockets;
using System.Text;
using SyncStorage.SyncClient;

namespace SyncStorage.Resilience.Harness;

/// <summary>
/// A user on a bad line: what is sent and what is taken trickles, so that its requests are in flight while webheads are drained. A webhead
/// that leaves has to let them finish.
/// </summary>
internal sealed class SlowClient(SyncStorageClientOptions options) : IDisposable
{
    private const int Parts = 8;
    private const int StoredItems = 8;
    private const int PayloadBytes = 250_000;
    private const int SmallWindow = 16 * 1024;

    /// <summary>What a request takes at least; a drain waits for longer.</summary>
    private static readonly TimeSpan Took = TimeSpan.FromSeconds(1.2);

    private HttpClient http = Connecting(options);
    private SyncStorageClientOptions options = options;
    private int round;

    /// <summary>As whom it asks; a change counts from its next request on. Other certificates are for other connections, and those of before are left to their requests.</summary>
    public SyncStorageClientOptions Options
    {
        get => options;
        set
        {
            if (!ReferenceEquals(value.TrustedRoots, options.TrustedRoots)) http = Connecting(value);
            options = value;
        }
    }

    /// <summary>Stores what <see cref="ReadAsync"/> reads.</summary>
    public async Task PrepareAsync()
    {
        using var sync = new SyncStorageClient(Options, TimeProvider.System);
        for (var item = 0; item < StoredItems; item++)
        {
            var stored = await sync.PutAsync($"/storage/history/large{item}", $$"""{"payload":"{{new string('x', PayloadBytes)}}"}""", CancellationToken.None);
            if (stored.Status != HttpStatusCode.OK) throw new HarnessException($"The slow client could not store its items: {(int)stored.Status} {stored.Body}");
        }
    }

    /// <summary>Sends an item bit by bit.</summary>
    /// <returns>What was wrong; null if it was stored.</returns>
    public async Task<string?> WriteAsync()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"payload":"slow-{{++round}}-{{new string('y', 100_000)}}"}""");
        using var request = Signed(HttpMethod.Put, $"/1.5/{Options.Uid}/storage/forms/slow");
        request.Content = new Trickle(body);
        using var response = await http.SendAsync(request);
        if (response.StatusCode != HttpStatusCode.OK) return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";

        // Acknowledged: it is there.
        using var sync = new SyncStorageClient(Options, TimeProvider.System);
        var back = await sync.GetAsync("/storage/forms/slow", CancellationToken.None);
        return back.Status == HttpStatusCode.OK && back.Body.Contains($"slow-{round}-", StringComparison.Ordinal) ? null : $"what was acknowledged is not there: {(int)back.Status}";
    }

    /// <summary>Takes some megabytes bit by bit.</summary>
    /// <returns>What was wrong; null if all came.</returns>
    public async Task<string?> ReadAsync()
    {
        using var request = Signed(HttpMethod.Get, $"/1.5/{Options.Uid}/storage/history?full=1");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response.StatusCode != HttpStatusCode.OK) return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
        await using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[64 * 1024];
        long received = 0;
        var pause = Took / (StoredItems * PayloadBytes / buffer.Length);
        for (var read = 1; read > 0; received += read)
        {
            read = await stream.ReadAsync(buffer);
            if (read > 0) await Task.Delay(pause * ((double)read / buffer.Length), TimeProvider.System);
        }

        return received > StoredItems * PayloadBytes ? null : $"only {received} bytes came";
    }

    public void Dispose() => http.Dispose();

    private HttpRequestMessage Signed(HttpMethod method, string pathAndQuery)
    {
        var credentials = Tokens.Issue(Options.Uid, Options.Origin.GetLeftPart(UriPartial.Authority), Options.Secret!, Options.TokenLifetime, TimeProvider.System);
        var request = new HttpRequestMessage(method, new Uri(Options.Origin, pathAndQuery));
        var hawk = new HawkRequest(method.Method, pathAndQuery, Options.Origin.Host, Options.Origin.Port);
        request.Headers.TryAddWithoutValidation("Authorization", Hawk.Authorize(credentials, hawk, TimeProvider.System));
        return request;
    }

    private static HttpClient Connecting(SyncStorageClientOptions options)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, ConnectCallback = ConnectAsync };
        if (options.TrustedRoots is { } roots)
            handler.ConnectCallback = (context, cancellationToken) => OriginHttp.SecureAsync(token => ConnectAsync(context, token), context.DnsEndPoint.Host, roots, cancellationToken);
        return new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // A small window: else the machine itself takes the answer in at once.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = SmallWindow };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A body that comes in parts, with pauses.</summary>
    private sealed class Trickle : HttpContent
    {
        private readonly byte[] body;

        public Trickle(byte[] body)
        {
            this.body = body;
            Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var size = (body.Length / Parts) + 1;
            for (var at = 0; at < body.Length; at += size)
            {
                await stream.WriteAsync(body.AsMemory(at, Math.Min(size, body.Length - at)));
                await stream.FlushAsync();
                await Task.Delay(Took / Parts, TimeProvider.System);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }
}
