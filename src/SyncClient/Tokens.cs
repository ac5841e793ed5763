using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;

namespace SyncStorage.SyncClient;

/// <summary>A token with its Hawk key, as a client holds it.</summary>
/// <param name="Token">The Hawk id.</param>
/// <param name="Key">The Hawk key: secret.</param>
/// <param name="Payload">What the token says.</param>
public sealed record HawkCredentials(string Token, string Key, TokenPayload Payload)
{
    /// <summary>Names the user and no secret.</summary>
    public override string ToString() => $"Hawk credentials of user {Payload.Uid} at {Payload.Node}";
}

/// <summary>Makes, reads and verifies tokens: urlsafe base64 of a JSON payload and the HMAC-SHA256 over it.</summary>
public static class Tokens
{
    private const int SignatureBytes = 32;
    private const int LongestToken = 4096;

    /// <summary>Signs a payload.</summary>
    /// <param name="payload">What the token shall say.</param>
    /// <param name="secret">The secret that signs.</param>
    public static HawkCredentials Make(TokenPayload payload, TokenSecret secret)
    {
        ArgumentNullException.ThrowIfNull(payload);
        return Make(JsonSerializer.SerializeToUtf8Bytes(payload, TokenJson.Default.TokenPayload), payload, secret);
    }

    /// <summary>A token for one user of one node, with a fresh salt.</summary>
    /// <param name="uid">The user.</param>
    /// <param name="node">The origin of the virtual hostname.</param>
    /// <param name="secret">The secret that signs.</param>
    /// <param name="lifetime">How long the token is good.</param>
    /// <param name="time">The clock.</param>
    public static HawkCredentials Issue(long uid, string node, TokenSecret secret, TimeSpan lifetime, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return Make(
            new TokenPayload
            {
                Uid = uid,
                Node = node,
                Expires = Math.Floor((time.GetUtcNow() + lifetime - DateTimeOffset.UnixEpoch).TotalSeconds),
                Salt = RandomNumberGenerator.GetHexString(6, lowercase: true),
            },
            secret);
    }

    /// <summary>
    /// Verifies a token's signature against each secret in turn, over its raw bytes and in constant time, and reads it.
    /// Neither its expiry nor its node is judged here.
    /// </summary>
    /// <param name="token">The Hawk id.</param>
    /// <param name="secrets">All secrets that may have signed it.</param>
    /// <param name="credentials">The token with its Hawk key.</param>
    public static bool TryVerify(string token, IEnumerable<TokenSecret> secrets, [NotNullWhen(true)] out HawkCredentials? credentials)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(secrets);
        credentials = null;
        if (token.Length > LongestToken || PaddedBase64Url.Decode(token) is not { Length: > SignatureBytes } bytes) return false;

        var payload = bytes.AsSpan(0, bytes.Length - SignatureBytes);
        var signature = bytes.AsSpan(bytes.Length - SignatureBytes);
        foreach (var secret in secrets)
        {
            if (!CryptographicOperations.FixedTimeEquals(secret.Sign(payload), signature)) continue;
            if (Read(payload) is not { } read) return false;
            credentials = new HawkCredentials(token, secret.DeriveHawkKey(token, read.Salt), read);
            return true;
        }

        return false;
    }

    private static HawkCredentials Make(byte[] bytes, TokenPayload payload, TokenSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var token = PaddedBase64Url.Encode([.. bytes, .. secret.Sign(bytes)]);
        return new HawkCredentials(token, secret.DeriveHawkKey(token, payload.Salt), payload);
    }

    private static TokenPayload? Read(ReadOnlySpan<byte> payload)
    {
        try
        {
            var read = JsonSerializer.Deserialize(payload, TokenJson.Default.TokenPayload);
            return read is { Node: not null, Salt: not null } ? read : null;
        }
        catch (JsonException)
        {
            // Signed with our secret, and yet no token: something else shares the secret. It opens nothing.
            return null;
        }
    }
}
