using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SyncStorage.TokenServer.Configuration;

namespace SyncStorage.TokenServer.Accounts;

/// <summary>The accounts server, over HTTP. Follows no redirect and retries nothing.</summary>
internal sealed class AccountsServer(string url) : IAccountsServer, IDisposable
{
    private const int LongestAnswer = 256 * 1024;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    // Its deadline is its caller's: one for all that a client's request asks of the accounts server.
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LongestAnswer,
    };

    private readonly string root = url.TrimEnd('/');

    public async Task<IReadOnlyList<JsonWebKey>> ReadKeysAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, root + "/v1/jwks");
        var (status, body) = await SendAsync(request, cancellationToken);
        return status == HttpStatusCode.OK
            ? Read(body, AccessJson.Default.KeySet, "/v1/jwks").Keys ?? []
            : throw new AccountsException($"/v1/jwks answers {(int)status}");
    }

    public async Task<VerifyAnswer?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, root + "/v1/verify")
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new VerifyRequest { Token = token }, AccessJson.Default.VerifyRequest))
            {
                Headers = { { "Content-Type", "application/json" } },
            },
        };
        var (status, body) = await SendAsync(request, cancellationToken);
        return (int)status switch
        {
            200 => Read(body, AccessJson.Default.VerifyAnswer, "/v1/verify"),

            // Too many requests says nothing about this token.
            429 => throw new AccountsException("/v1/verify answers 429"),
            >= 400 and < 500 => null,
            _ => throw new AccountsException($"/v1/verify answers {(int)status}"),
        };
    }

    public void Dispose() => http.Dispose();

    private async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (HttpRequestException exception)
        {
            throw new AccountsException($"{request.RequestUri!.AbsolutePath}: {exception.Message}", exception);
        }
    }

    private static T Read<T>(byte[] body, JsonTypeInfo<T> type, string what)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new AccountsException($"{what} answers null");
        }
        catch (JsonException exception)
        {
            throw new AccountsException($"{what} answers what can't be read", exception);
        }
    }
}
