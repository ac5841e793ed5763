using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SyncStorage.SyncClient;

/// <summary>The attributes of an <c>Authorization: Hawk …</c> header.</summary>
public sealed record HawkHeader
{
    private const string Scheme = "Hawk";
    private const int LongestHeader = 4096 + 1024;

    /// <summary>The token.</summary>
    public required string Id { get; init; }

    /// <summary>The client's time, in seconds, as it wrote it.</summary>
    public required string Timestamp { get; init; }

    /// <summary>A value that the client uses once.</summary>
    public required string Nonce { get; init; }

    /// <summary>The MAC of the request, in base64.</summary>
    public required string Mac { get; init; }

    /// <summary>The hash of the body, if the client sent one: signed, and not checked against the body.</summary>
    public string? Hash { get; init; }

    /// <summary>The client's own data, if any: signed.</summary>
    public string? Extension { get; init; }

    /// <summary>
    /// Reads a header. Attributes come in any order, each once, quoted; one that is missing, repeated or unknown refuses the header.
    /// </summary>
    /// <param name="value">The value of <c>Authorization</c>.</param>
    /// <param name="header">The header.</param>
    public static bool TryParse(string? value, [NotNullWhen(true)] out HawkHeader? header)
    {
        header = null;
        if (value is not { Length: > 5 and <= LongestHeader }
            || !value.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase)
            || ReadAttributes(value.AsSpan(Scheme.Length + 1)) is not { } attributes)
        {
            return false;
        }

        if (attributes is not { Id: { Length: > 0 } id, Timestamp: { Length: > 0 } timestamp, Nonce: { Length: > 0 } nonce, Mac: { } mac })
            return false;
        if (!timestamp.All(char.IsAsciiDigit)) return false;

        header = new HawkHeader
        {
            Id = id,
            Timestamp = timestamp,
            Nonce = nonce,
            Mac = mac,
            Hash = attributes.Hash,
            Extension = attributes.Extension,
        };
        return true;
    }

    /// <summary>The header's value, signed with <see cref="Mac"/>.</summary>
    public override string ToString()
    {
        var value = new StringBuilder($"{Scheme} id=\"{Id}\", ts=\"{Timestamp}\", nonce=\"{Nonce}\"");
        if (Hash is not null) value.Append($", hash=\"{Hash}\"");
        if (Extension is not null) value.Append($", ext=\"{Extension}\"");
        return value.Append($", mac=\"{Mac}\"").ToString();
    }

    private static Attributes? ReadAttributes(ReadOnlySpan<char> rest)
    {
        var read = new Attributes();
        while (true)
        {
            rest = rest.TrimStart(' ');
            var equals = rest.IndexOf("=\"");
            if (equals <= 0) return null;
            var name = rest[..equals];
            rest = rest[(equals + 2)..];
            var quote = rest.IndexOf('"');
            if (quote < 0 || !read.Set(name, rest[..quote].ToString())) return null;
            rest = rest[(quote + 1)..].Trim(' ');
            if (rest.IsEmpty) return read;
            if (rest[0] != ',') return null;
            rest = rest[1..];
        }
    }

    private sealed class Attributes
    {
        public string? Id;
        public string? Timestamp;
        public string? Nonce;
        public string? Mac;
        public string? Hash;
        public string? Extension;

        public bool Set(ReadOnlySpan<char> name, string value) => name switch
        {
            "id" => SetOnce(ref Id, value),
            "ts" => SetOnce(ref Timestamp, value),
            "nonce" => SetOnce(ref Nonce, value),
            "mac" => SetOnce(ref Mac, value),
            "hash" => SetOnce(ref Hash, value),
            "ext" => SetOnce(ref Extension, value),
            _ => false,
        };

        private static bool SetOnce(ref string? attribute, string value)
        {
            if (attribute is not null) return false;
            attribute = value;
            return true;
        }
    }
}
