using System.Net;
using System.Text.Json.Nodes;
using SyncStorage.SyncClient;
using SyncStorage.TokenServer.Protocol;

namespace SyncStorage.TokenServer.Tests.Fixtures;

/// <summary>A request for a token, as Firefox makes it.</summary>
internal static class TokenExchange
{
    private static readonly HttpClient Http = new();

    /// <summary>Asks for a token.</summary>
    public static async Task<TokenReply> AskAsync(Uri server, string? accessToken, long keysChangedAt = 50, string clientState = "aaaa",
        string path = "/1.0/sync/1.5", IReadOnlyDictionary<string, string>? headers = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, path));
        if (accessToken is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {accessToken}");
        request.Headers.TryAddWithoutValidation("X-KeyID", KeyIdOf(keysChangedAt, clientState));
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        return new TokenReply(response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!,
            response.Headers.Concat(response.Content.Headers).ToDictionary(pair => pair.Key, pair => string.Join(", ", pair.Value), StringComparer.OrdinalIgnoreCase));
    }

    private static string KeyIdOf(long keysChangedAt, string clientState)
    {
        var text = new KeyId(keysChangedAt, clientState).ToString();
        return $"{keysChangedAt}-{text[(text.IndexOf('-', StringComparison.Ordinal) + 1)..]}";
    }
}

/// <summary>What a token server answered.</summary>
internal sealed record TokenReply(HttpStatusCode Status, JsonNode Body, IReadOnlyDictionary<string, string> Headers)
{
    public string? Error => Body["status"]?.GetValue<string>();

    public long Uid => Body["uid"]!.GetValue<long>();

    public string Node => Body["api_endpoint"]!.GetValue<string>().Split("/1.5/")[0];

    /// <summary>What the token says; verified with a secret of its node.</summary>
    public TokenPayload Payload(string secret)
    {
        Assert.That(Tokens.TryVerify(Body["id"]!.GetValue<string>(), [new TokenSecret(secret)], out var credentials), Is.True, $"signed with {secret}");
        Assert.That(credentials!.Key, Is.EqualTo(Body["key"]!.GetValue<string>()));
        return credentials.Payload;
    }

    /// <summary>A Sync client with this token.</summary>
    public SyncStorageClient Client(Uri connectTo) => new(
        new SyncStorageClientOptions
        {
            Origin = new Uri(Node),
            ConnectTo = connectTo,
            Uid = Uid,
            Given = new HawkCredentials(Body["id"]!.GetValue<string>(), Body["key"]!.GetValue<string>(),
                new TokenPayload { Uid = Uid, Node = Node, Expires = 0, Salt = "" }),
        }, TimeProvider.System);
}
