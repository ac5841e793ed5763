using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using SyncStorage.TokenServer.Configuration;

namespace SyncStorage.TokenServer.Accounts;

/// <summary>A public key that verifies RS256. Safe for concurrent use: each verification has an object of its own, since one is not.</summary>
internal sealed class RsaKey
{
    private const int FewestBits = 2048;
    private const int MostBits = 8192;

    private readonly ConcurrentBag<RSA> idle = [];
    private readonly RSAParameters parameters;

    private RsaKey(string? id, RSAParameters parameters) => (Id, this.parameters) = (id, parameters);

    /// <summary>The key's id, if it has one.</summary>
    public string? Id { get; }

    /// <summary>The key of a JSON Web Key; null if that is none that may verify RS256.</summary>
    public static RsaKey? TryMake(JsonWebKey key)
    {
        if (key is not { KeyType: "RSA", Use: null or "sig", Algorithm: null or "RS256", Modulus: { } n, Exponent: { } e }) return null;
        if (!Base64Url.IsValid(n) || !Base64Url.IsValid(e)) return null;

        // The importer does not expect empty ones.
        if (Base64Url.DecodeFromChars(n) is not { Length: > 0 } modulus || Base64Url.DecodeFromChars(e) is not { Length: > 0 } exponent) return null;
        var parameters = new RSAParameters { Modulus = modulus, Exponent = exponent };
        try
        {
            using var rsa = RSA.Create(parameters);
            return rsa.KeySize is >= FewestBits and <= MostBits ? new RsaKey(key.KeyId, parameters) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Whether the key has signed it.</summary>
    public bool Verifies(AccessToken token)
    {
        if (!idle.TryTake(out var rsa)) rsa = RSA.Create(parameters);
        var verifies = rsa.VerifyData(token.Signed.Span, token.Signature.Span, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        idle.Add(rsa);
        return verifies;
    }
}
