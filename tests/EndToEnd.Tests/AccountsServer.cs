using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>An accounts server that a test has to itself: it tells its key, signs access tokens, and verifies those that are no JSON Web Tokens.</summary>
internal sealed class AccountsServer : IDisposable
{
    private const string KeyId = "test-1";
    private const string Scope = "https://identity.mozilla.com/apps/oldsync";

    private readonly RSA rsa = RSA.Create(2048);
    private readonly HttpListener listener = new();
    private readonly Dictionary<string, string> opaque = [];

    public AccountsServer()
    {
        Url = new Uri($"http://127.0.0.1:{Cluster.FreePort()}");
        listener.Prefixes.Add($"{Url}");
        listener.Start();
        _ = Task.Run(ServeAsync);
    }

    /// <summary>The base of its OAuth API.</summary>
    public Uri Url { get; }

    /// <summary>An access token as an application gets it.</summary>
    /// <param name="user">The account.</param>
    /// <param name="key">What signs; null for the key that is told.</param>
    public string Token(string user, RSA? key = null)
    {
        var head = Encoded(new { alg = "RS256", typ = "at+jwt", kid = KeyId });
        var claims = Encoded(new Dictionary<string, object> { ["sub"] = user, ["scope"] = Scope, ["exp"] = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds(), ["fxa-generation"] = 7 });
        var signature = (key ?? rsa).SignData(Encoding.ASCII.GetBytes($"{head}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{head}.{claims}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>An access token that only this server knows the meaning of.</summary>
    public string OpaqueToken(string user)
    {
        var token = RandomNumberGenerator.GetHexString(64, lowercase: true);
        lock (opaque) opaque[token] = user;
        return token;
    }

    public void Dispose()
    {
        listener.Close();
        rsa.Dispose();
    }

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                await AnswerAsync(await listener.GetContextAsync());
            }
            catch (Exception over) when (over is HttpListenerException or ObjectDisposedException)
            {
                // The test has ended, or whoever asked has gone.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext http)
    {
        var (status, answer) = $"{http.Request.HttpMethod} {http.Request.Url!.AbsolutePath}" switch
        {
            "GET /v1/jwks" => (200, Keys()),
            "POST /v1/verify" => Verify((string?)(await JsonNode.ParseAsync(http.Request.InputStream))?["token"]),
            _ => (404, new JsonObject()),
        };
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.ToJsonString()));
        http.Response.Close();
    }

    private JsonObject Keys()
    {
        var key = rsa.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA",
                ["kid"] = KeyId,
                ["use"] = "sig",
                ["alg"] = "RS256",
                ["n"] = Base64Url.EncodeToString(key.Modulus),
                ["e"] = Base64Url.EncodeToString(key.Exponent),
            }),
        };
    }

    private (int Status, JsonObject Answer) Verify(string? token)
    {
        lock (opaque)
        {
            return token is not null && opaque.TryGetValue(token, out var user)
                ? (200, new JsonObject { ["user"] = user, ["client_id"] = "c", ["scope"] = new JsonArray(Scope), ["generation"] = 7 })
                : (400, new JsonObject { ["code"] = 400, ["errno"] = 108 });
        }
    }

    private static string Encoded(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
