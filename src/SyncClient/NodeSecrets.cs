using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SyncStorage.SyncClient;

/// <summary>The secrets of a virtual hostname: derived from the cluster's master secret, and kept as a dated list.</summary>
public static class NodeSecrets
{
    private const string Info = "services.mozilla.com/mozsvc/v1/node_secret/";

    /// <summary>
    /// Derives a node's secret from the master secret (HKDF-SHA256, as token servers do it), so that who holds the master can derive
    /// the same.
    /// </summary>
    /// <param name="master">The master secret's text, of even length; its UTF-8 bytes are the key.</param>
    /// <param name="node">The node: <c>https://</c> and the virtual hostname.</param>
    /// <returns>Hex digits, as many as the master has characters.</returns>
    public static string Derive(string master, string node)
    {
        ArgumentException.ThrowIfNullOrEmpty(master);
        ArgumentException.ThrowIfNullOrEmpty(node);
        var key = Encoding.UTF8.GetBytes(master);
        var derived = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, key.Length / 2, new byte[32], Encoding.UTF8.GetBytes(Info + node));
        return Convert.ToHexStringLower(derived);
    }

    /// <summary>Reads <c>timestamp:secret[,timestamp:secret…]</c>.</summary>
    /// <param name="list">The list as stored.</param>
    /// <returns>All secrets, newest first: the first signs, all verify. Timestamps are compared as text.</returns>
    /// <exception cref="FormatException">An entry is not <c>timestamp:secret</c>. The message has no part of the list.</exception>
    public static IReadOnlyList<TokenSecret> ParseList(string list) => [.. ParseEntries(list).Select(entry => entry.Secret)];

    /// <summary>Reads the same with the timestamps, for who must choose another than the newest.</summary>
    /// <param name="list">The list as stored.</param>
    /// <returns>All secrets, newest first.</returns>
    /// <exception cref="FormatException">An entry is not <c>timestamp:secret</c>. The message has no part of the list.</exception>
    public static IReadOnlyList<DatedSecret> ParseEntries(string list)
    {
        ArgumentNullException.ThrowIfNull(list);
        var entries = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split(':', 2, StringSplitOptions.TrimEntries))
            .ToList();
        if (entries.Count == 0 || entries.Exists(entry => entry is not [{ Length: > 0 }, { Length: > 0 }]))
            throw new FormatException("A list of secrets must be timestamp:secret[,timestamp:secret…]; this one is not.");

        return [.. entries.OrderByDescending(entry => entry[0], StringComparer.Ordinal).Select(entry => new DatedSecret(entry[0], new TokenSecret(entry[1])))];
    }

    /// <summary>The secret of a list that signs.</summary>
    /// <param name="list">The list as stored.</param>
    /// <param name="signWith">The timestamp of the one that is chosen; null for the newest, and so if the list does not have it any more.</param>
    /// <exception cref="FormatException">An entry is not <c>timestamp:secret</c>. The message has no part of the list.</exception>
    public static TokenSecret SignerOf(string list, string? signWith)
    {
        var entries = ParseEntries(list);
        return (entries.FirstOrDefault(entry => entry.Timestamp == signWith) ?? entries[0]).Secret;
    }

    /// <summary>One entry of a list, as <see cref="ParseList"/> reads it.</summary>
    /// <param name="time">When the secret was made.</param>
    /// <param name="secret">The secret.</param>
    public static string FormatEntry(DateTimeOffset time, string secret) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.ToUnixTimeSeconds()}:{secret}");
}

/// <summary>A secret with the moment that it was made.</summary>
/// <param name="Timestamp">As the list has it: seconds since 1970.</param>
/// <param name="Secret">The secret.</param>
public sealed record DatedSecret(string Timestamp, TokenSecret Secret);
