using System.Buffers.Text;

namespace SyncStorage.SyncClient;

/// <summary>Urlsafe base64 that keeps its padding, as tokens and Hawk keys have it.</summary>
internal static class PaddedBase64Url
{
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = Base64Url.EncodeToString(bytes);
        return text.PadRight((text.Length + 3) / 4 * 4, '=');
    }

    /// <summary>Decodes; null if the text is not urlsafe base64 with all its padding.</summary>
    public static byte[]? Decode(string text)
    {
        // .NET would take text without padding, or with blanks, too: then one token would have several spellings.
        if (text.Length % 4 != 0 || text.AsSpan().ContainsAny(" \t\r\n")) return null;
        return Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
    }
}
