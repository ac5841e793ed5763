using System.Security.Cryptography;
using System.Text;

namespace SyncStorage.SyncClient;

/// <summary>
/// One secret of a virtual hostname: it signs tokens, and gives each token its Hawk key. The secret is the UTF-8 bytes of the
/// configured text, which is not hex-decoded. Prints as <c>[REDACTED]</c>.
/// </summary>
public sealed class TokenSecret
{
    private const string SigningInfo = "services.mozilla.com/tokenlib/v1/signing";
    private const string DerivingInfo = "services.mozilla.com/tokenlib/v1/derive/";
    private const int KeyBytes = 32;
    private static readonly byte[] ZeroSalt = new byte[KeyBytes];

    private readonly byte[] secret;
    private readonly byte[] signKey;

    /// <summary>Takes the secret, and derives the key that signs with it.</summary>
    /// <param name="secret">The text as configured; not empty.</param>
    public TokenSecret(string secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        this.secret = Encoding.UTF8.GetBytes(secret);
        signKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, this.secret, KeyBytes, ZeroSalt, Encoding.UTF8.GetBytes(SigningInfo));
    }

    /// <summary>The key that signs tokens, for test vectors.</summary>
    internal ReadOnlySpan<byte> SignKey => signKey;

    /// <inheritdoc/>
    public override string ToString() => "[REDACTED]";

    /// <summary>The HMAC-SHA256 of a token's payload.</summary>
    internal byte[] Sign(ReadOnlySpan<byte> payload) => HMACSHA256.HashData(signKey, payload);

    /// <summary>The Hawk key of a token, as the padded urlsafe base64 text that is itself the HMAC key.</summary>
    internal string DeriveHawkKey(string token, string salt)
    {
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeyBytes,
            Encoding.ASCII.GetBytes(salt), Encoding.UTF8.GetBytes(DerivingInfo + token));
        return PaddedBase64Url.Encode(key);
    }
}
