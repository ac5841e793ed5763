using System.Text;

namespace SyncStorage.SyncClient;

/// <summary>
/// A user of one virtual hostname. Signs every request, retries nothing, follows no redirect, and leaves judging the answer to its
/// caller. Safe for concurrent use.
/// </summary>
public sealed class SyncStorageClient : IDisposable
{
    private readonly SyncStorageClientOptions options;
    private readonly TimeProvider time;
    private readonly HttpClient http;
    private volatile HawkCredentials? credentials;

    /// <summary>Makes a client; connects to nothing yet.</summary>
    /// <param name="options">Whom it speaks for.</param>
    /// <param name="time">The clock.</param>
    public SyncStorageClient(SyncStorageClientOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        this.time = time;
        http = OriginHttp.Make(options.ConnectTo ?? options.Origin, options.TrustedRoots, options.Timeout, options.TakesAnyCertificate);
    }

    /// <summary>The origin that this client speaks to.</summary>
    public Uri Origin => options.Origin;

    /// <summary>The user that this client speaks for.</summary>
    public long Uid => options.Uid;

    /// <summary>Reads.</summary>
    /// <param name="path">What follows <c>/1.5/{uid}</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<SyncResponse> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(new SyncRequest(HttpMethod.Get, path), cancellationToken);

    /// <summary>Writes one item.</summary>
    /// <param name="path">What follows <c>/1.5/{uid}</c>.</param>
    /// <param name="json">The item.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<SyncResponse> PutAsync(string path, string json, CancellationToken cancellationToken) =>
        SendAsync(new SyncRequest(HttpMethod.Put, path) { Body = json }, cancellationToken);

    /// <summary>Writes many items.</summary>
    /// <param name="path">What follows <c>/1.5/{uid}</c>.</param>
    /// <param name="json">The array of items.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<SyncResponse> PostAsync(string path, string json, CancellationToken cancellationToken) =>
        SendAsync(new SyncRequest(HttpMethod.Post, path) { Body = json }, cancellationToken);

    /// <summary>Deletes.</summary>
    /// <param name="path">What follows <c>/1.5/{uid}</c>; empty deletes all that the user has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<SyncResponse> DeleteAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(new SyncRequest(HttpMethod.Delete, path), cancellationToken);

    /// <summary>Sends a signed request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HttpRequestException">No connection, or it broke.</exception>
    /// <exception cref="TaskCanceledException">The timeout passed, or the caller gave up.</exception>
    public Task<SyncResponse> SendAsync(SyncRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var pathAndQuery = $"/1.5/{options.Uid}{request.Path}";
        var message = MakeMessage(request.Method, pathAndQuery);
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        if (request.IfModifiedSince is { } modified) message.Headers.Add("X-If-Modified-Since", modified.ToString());
        if (request.IfUnmodifiedSince is { } unmodified) message.Headers.Add("X-If-Unmodified-Since", unmodified.ToString());
        foreach (var (name, value) in request.Headers) message.Headers.TryAddWithoutValidation(name, value);
        if (!message.Headers.Contains("Authorization"))
        {
            var hawk = new HawkRequest(request.Method.Method, pathAndQuery, Origin.Host, Origin.Port);
            message.Headers.TryAddWithoutValidation("Authorization", Hawk.Authorize(Credentials(), hawk, time));
        }

        return SendAsync(message, cancellationToken);
    }

    /// <summary>Gets a path outside the protocol, unsigned: <c>/__heartbeat__</c>.</summary>
    /// <param name="pathAndQuery">The whole path.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<SyncResponse> GetUnsignedAsync(string pathAndQuery, CancellationToken cancellationToken) =>
        SendAsync(MakeMessage(HttpMethod.Get, pathAndQuery), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private HttpRequestMessage MakeMessage(HttpMethod method, string pathAndQuery) =>
        OriginHttp.Message(method, Origin, options.ConnectTo ?? Origin, pathAndQuery);

    private HawkCredentials Credentials()
    {
        if (options.Secret is not { } secret)
            return options.Given ?? throw new InvalidOperationException("A client needs a secret that signs its tokens, or a token.");
        var credentials = this.credentials;
        var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        if (credentials is not null && credentials.Payload.Expires - now > options.TokenLifetime.TotalSeconds / 2) return credentials;

        return this.credentials = Tokens.Issue(Uid, Origin.GetLeftPart(UriPartial.Authority), secret, options.TokenLifetime, time);
    }

    private async Task<SyncResponse> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        using (message)
        using (var response = await http.SendAsync(message, cancellationToken))
        {
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, values) in response.Headers.NonValidated) headers[name] = string.Join(", ", values);
            foreach (var (name, values) in response.Content.Headers.NonValidated) headers[name] = string.Join(", ", values);
            return new SyncResponse
            {
                Status = response.StatusCode,
                Body = await response.Content.ReadAsStringAsync(cancellationToken),
                Headers = headers,
            };
        }
    }
}
