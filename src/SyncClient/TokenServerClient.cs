using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.SyncClient;

/// <summary>How a token server is reached.</summary>
public sealed record TokenServerClientOptions
{
    /// <summary>Its origin, as its users see it.</summary>
    public required Uri Origin { get; init; }

    /// <summary>Where to connect instead: scheme, host and port of a load balancer. Default: the origin.</summary>
    public Uri? ConnectTo { get; init; }

    /// <summary>Gives the certificates that HTTPS must lead to, for each connection when it is made; null for those that the system trusts.</summary>
    public Func<X509Certificate2Collection>? TrustedRoots { get; init; }

    /// <summary>The longest that a request may take. Default 15 s: a token server may wait for its accounts server.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>The keys that a user's data is encrypted with, as they are named.</summary>
/// <param name="KeysChangedAt">When they changed last, as the accounts server counts.</param>
/// <param name="ClientState">What names them: up to 32 hexadecimal digits.</param>
public sealed record KeyIdentity(long KeysChangedAt, string ClientState)
{
    /// <summary>The value of <c>X-KeyID</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{KeysChangedAt}-{Base64Url.EncodeToString(Convert.FromHexString(ClientState))}");
}

/// <summary>What a token server answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
/// <param name="Error">The error's kind, such as <c>invalid-credentials</c>; null where there is none.</param>
/// <param name="Given">The token; null where none was given.</param>
/// <param name="DurationSeconds">How long it is good.</param>
public sealed record TokenGrant(HttpStatusCode Status, string Body, string? Error, HawkCredentials? Given, long DurationSeconds)
{
    /// <summary>Says nothing that is secret.</summary>
    public override string ToString() => $"{(int)Status} {Error ?? $"{Given}"}";
}

/// <summary>Exchanges access tokens of an accounts server for tokens of nodes, as Firefox does. Safe for concurrent use.</summary>
public sealed class TokenServerClient : IDisposable
{
    private const string Path = "/1.0/sync/1.5";

    private readonly TokenServerClientOptions options;
    private readonly HttpClient http;

    /// <summary>Makes a client; connects to nothing yet.</summary>
    /// <param name="options">How the token server is reached.</param>
    public TokenServerClient(TokenServerClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        http = OriginHttp.Make(Target, options.TrustedRoots, options.Timeout);
    }

    private Uri Target => options.ConnectTo ?? options.Origin;

    /// <summary>Asks for a token.</summary>
    /// <param name="accessToken">The access token; null to send none.</param>
    /// <param name="keys">The user's keys.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HttpRequestException">No connection, or it broke; or the answer is none of a token server.</exception>
    /// <exception cref="TaskCanceledException">The timeout passed, or the caller gave up.</exception>
    public async Task<TokenGrant> AskAsync(string? accessToken, KeyIdentity keys, CancellationToken cancellationToken)
    {
        using var message = OriginHttp.Message(HttpMethod.Get, options.Origin, Target, Path);
        if (accessToken is not null) message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {accessToken}");
        message.Headers.TryAddWithoutValidation("X-KeyID", $"{keys}");
        using var response = await http.SendAsync(message, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return Read(response.StatusCode, body);
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private static TokenGrant Read(HttpStatusCode status, string body)
    {
        try
        {
            var json = JsonNode.Parse(body) as JsonObject;
            if (status != HttpStatusCode.OK) return new TokenGrant(status, body, (string?)json?["status"], null, 0);
            var uid = (long)json!["uid"]!;
            var payload = new TokenPayload
            {
                Uid = uid,
                Node = ((string)json["api_endpoint"]!).Replace($"/1.5/{uid.ToString(CultureInfo.InvariantCulture)}", "", StringComparison.Ordinal),
                Expires = 0,
                Salt = "",
            };
            return new TokenGrant(status, "", null, new HawkCredentials((string)json["id"]!, (string)json["key"]!, payload), (long)json["duration"]!);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            return status == HttpStatusCode.OK
                ? throw new HttpRequestException("The answer has no token.", exception)
                : new TokenGrant(status, body, null, null, 0);
        }
    }
}
