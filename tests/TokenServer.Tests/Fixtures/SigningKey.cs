using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SyncStorage.TokenServer.Accounts;
using SyncStorage.TokenServer.Configuration;

namespace SyncStorage.TokenServer.Tests.Fixtures;

/// <summary>A real RSA key of an accounts server.</summary>
internal sealed class SigningKey(string? id, int bits = 2048) : IDisposable
{
    private readonly RSA rsa = RSA.Create(bits);

    public string? Id => id;

    public JsonWebKey Public
    {
        get
        {
            var parameters = rsa.ExportParameters(includePrivateParameters: false);
            return new JsonWebKey
            {
                KeyType = "RSA",
                KeyId = id,
                Use = "sig",
                Algorithm = "RS256",
                Modulus = Base64Url.EncodeToString(parameters.Modulus),
                Exponent = Base64Url.EncodeToString(parameters.Exponent),
            };
        }
    }

    /// <summary>A token as an accounts server signs it; with <paramref name="header"/>, one as it would not.</summary>
    public string Sign(AccessClaims claims, object? header = null)
    {
        lock (rsa)
        {
            var head = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(header ?? new { alg = "RS256", typ = "at+jwt", kid = id }));
            var signed = $"{head}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims, AccessJson.Default.AccessClaims))}";
            var signature = rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return $"{signed}.{Base64Url.EncodeToString(signature)}";
        }
    }

    public static AccessClaims Claims(string user, TimeProvider time, long? generation = null, string? scope = OAuthVerifier.Scope, int seconds = 3600) => new()
    {
        Subject = user,
        Scope = scope,
        Expires = time.GetUtcNow().ToUnixTimeSeconds() + seconds,
        Generation = generation,
    };

    public void Dispose() => rsa.Dispose();
}
