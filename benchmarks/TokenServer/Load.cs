using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SyncStorage.TokenServerLoad;

/// <summary>One kind of request.</summary>
/// <param name="Name">What it is called in the results.</param>
/// <param name="Wanted">The least rate.</param>
/// <param name="Users">How many users ask, each with an access token of its own.</param>
/// <param name="Forget">Whether the database forgets all users before each run, so that every request is a user's first.</param>
internal sealed record Load(string Name, double Wanted, int Users, bool Forget)
{
    public static IReadOnlyList<Load> All { get; } =
    [
        new("a known user", 1500, 2000, Forget: false),
        new("a user's first token", 0, 25_000, Forget: true),
    ];
}

/// <summary>Makes requests as they go over the wire, with access tokens that a real RSA key signed.</summary>
internal sealed class RequestMaker : IDisposable
{
    private readonly RSA rsa = RSA.Create(2048);

    /// <summary>The public key, as a JSON Web Key.</summary>
    public object PublicKey
    {
        get
        {
            var parameters = rsa.ExportParameters(includePrivateParameters: false);
            return new { kty = "RSA", kid = "bench", n = Base64Url.EncodeToString(parameters.Modulus), e = Base64Url.EncodeToString(parameters.Exponent) };
        }
    }

    /// <summary>Writes the requests of a load into a file, each after a line with its length.</summary>
    public async Task WriteAsync(Load load, string path)
    {
        var pem = rsa.ExportRSAPrivateKeyPem();
        var requests = new byte[load.Users][];
        Parallel.For(0, load.Users, () =>
        {
            var own = RSA.Create();
            own.ImportFromPem(pem);
            return own;
        }, (user, _, own) =>
        {
            requests[user] = Request(own, user);
            return own;
        }, own => own.Dispose());

        await using var stream = File.Create(path);
        foreach (var request in requests)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{request.Length}\n")));
            await stream.WriteAsync(request);
            await stream.WriteAsync("\n"u8.ToArray());
        }
    }

    public void Dispose() => rsa.Dispose();

    private static byte[] Request(RSA rsa, int user)
    {
        var head = Encode(new { alg = "RS256", typ = "at+jwt", kid = "bench" });
        var claims = Encode(new Dictionary<string, object>
        {
            ["sub"] = string.Create(CultureInfo.InvariantCulture, $"{user:x32}"),
            ["scope"] = "profile https://identity.mozilla.com/apps/oldsync",
            ["exp"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 86_400,
            ["fxa-generation"] = 1_700_000_000_000,
            ["client_id"] = "5882386c6d801776",
        });
        var signature = Base64Url.EncodeToString(rsa.SignData(Encoding.ASCII.GetBytes($"{head}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return Encoding.ASCII.GetBytes(
            $"GET /1.0/sync/1.5 HTTP/1.1\r\nHost: token.example.com\r\nAuthorization: Bearer {head}.{claims}.{signature}\r\nX-KeyID: 1600000000000-AAECAwQFBgcICQoLDA0ODw\r\n\r\n");
    }

    private static string Encode(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
