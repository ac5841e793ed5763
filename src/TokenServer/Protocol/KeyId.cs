using System.Buffers.Text;
using System.Globalization;

namespace SyncStorage.TokenServer.Protocol;

/// <summary>The value of <c>X-KeyID</c>: when the user's keys changed, and what names them.</summary>
/// <param name="KeysChangedAt">When, as the accounts server counts.</param>
/// <param name="ClientState">The client state, in hexadecimal; may be empty.</param>
internal sealed record KeyId(long KeysChangedAt, string ClientState)
{
    private const int MostBytes = 16;

    /// <summary>Reads <c>number-base64url</c>, without padding; null if it is not that.</summary>
    public static KeyId? TryRead(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0 || !long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var keysChangedAt)) return null;

        var encoded = text.AsSpan(dash + 1);
        if (encoded.ContainsAny("= \t\r\n") || !Base64Url.IsValid(encoded, out var length) || length > MostBytes) return null;
        return new KeyId(keysChangedAt, Convert.ToHexStringLower(Base64Url.DecodeFromChars(encoded)));
    }

    /// <summary>How tokens name keys: thirteen digits, and what names them.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{KeysChangedAt:D13}-{Base64Url.EncodeToString(Convert.FromHexString(ClientState))}");
}
