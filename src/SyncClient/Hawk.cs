using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SyncStorage.SyncClient;

/// <summary>The part of a request that Hawk signs.</summary>
/// <param name="Method">The method.</param>
/// <param name="PathAndQuery">The request target exactly as sent, still encoded.</param>
/// <param name="Host">The host of the public origin.</param>
/// <param name="Port">The port of the public origin.</param>
public readonly record struct HawkRequest(string Method, string PathAndQuery, string Host, int Port);

/// <summary>Makes and checks Hawk's request MAC.</summary>
public static class Hawk
{
    /// <summary>The value of an <c>Authorization</c> header that signs a request, with the clock's time and a fresh nonce.</summary>
    /// <param name="credentials">Whose request it is.</param>
    /// <param name="request">The request.</param>
    /// <param name="time">The clock.</param>
    public static string Authorize(HawkCredentials credentials, HawkRequest request, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        ArgumentNullException.ThrowIfNull(time);
        var unsigned = new HawkHeader
        {
            Id = credentials.Token,
            Timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            Nonce = RandomNumberGenerator.GetHexString(12, lowercase: true),
            Mac = "",
        };
        return (unsigned with { Mac = Mac(credentials.Key, request, unsigned) }).ToString();
    }

    /// <summary>Whether a header's MAC is the one of this request, compared in constant time.</summary>
    /// <param name="key">The Hawk key of the header's token.</param>
    /// <param name="request">The request as it came.</param>
    /// <param name="header">The header that came with it.</param>
    public static bool Verify(string key, HawkRequest request, HawkHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(Mac(key, request, header)), Encoding.UTF8.GetBytes(header.Mac));
    }

    /// <summary>The MAC of a request, in base64.</summary>
    /// <param name="key">The Hawk key: its text, not what it decodes to.</param>
    /// <param name="request">The request.</param>
    /// <param name="header">The header, of which time, nonce, hash and extension are signed.</param>
    public static string Mac(string key, HawkRequest request, HawkHeader header)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(header);
        var normalized = string.Create(CultureInfo.InvariantCulture,
            $"hawk.1.header\n{header.Timestamp}\n{header.Nonce}\n{request.Method.ToUpperInvariant()}\n{request.PathAndQuery}\n" +
            $"{request.Host.ToLowerInvariant()}\n{request.Port}\n{header.Hash}\n{header.Extension}\n");
        return Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(normalized)));
    }
}
