using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncStorage.TokenServer.Accounts;

/// <summary>An access token that is a JSON Web Token, taken apart. Nothing in it is true before its signature was verified.</summary>
internal sealed record AccessToken
{
    private const int LongestToken = 16 * 1024;

    /// <summary>The algorithm that its header names.</summary>
    public required string? Algorithm { get; init; }

    /// <summary>The type that its header names.</summary>
    public required string? Type { get; init; }

    /// <summary>The key that its header names.</summary>
    public required string? KeyId { get; init; }

    /// <summary>What it says about its bearer.</summary>
    public required AccessClaims Claims { get; init; }

    /// <summary>What is signed.</summary>
    public required ReadOnlyMemory<byte> Signed { get; init; }

    /// <summary>The signature.</summary>
    public required ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>Takes a token apart; null if it is none, and only the accounts server knows what it is.</summary>
    public static AccessToken? TryRead(string text)
    {
        if (text.Length > LongestToken || text.Split('.') is not [var head, var body, var signature]) return null;
        if (Decode(head) is not { } headBytes || Decode(body) is not { } bodyBytes || Decode(signature) is not { Length: > 0 } signatureBytes) return null;
        if (Read(headBytes, AccessJson.Default.AccessHeader) is not { } header || Read(bodyBytes, AccessJson.Default.AccessClaims) is not { } claims)
            return null;

        return new AccessToken
        {
            Algorithm = header.Algorithm,
            Type = header.Type,
            KeyId = header.KeyId,
            Claims = claims,
            Signed = Encoding.ASCII.GetBytes(text, 0, head.Length + 1 + body.Length),
            Signature = signatureBytes,
        };
    }

    private static byte[]? Decode(string part) =>
        !part.Contains('=', StringComparison.Ordinal) && Base64Url.IsValid(part) ? Base64Url.DecodeFromChars(part) : null;

    private static T? Read<T>(byte[] json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The header of a JSON Web Token.</summary>
internal sealed record AccessHeader
{
    [JsonPropertyName("alg")]
    public string? Algorithm { get; init; }

    [JsonPropertyName("typ")]
    public string? Type { get; init; }

    [JsonPropertyName("kid")]
    public string? KeyId { get; init; }
}

/// <summary>The claims that matter here.</summary>
internal sealed record AccessClaims
{
    [JsonPropertyName("sub")]
    public string? Subject { get; init; }

    [JsonPropertyName("scope")]
    public string? Scope { get; init; }

    [JsonPropertyName("exp")]
    public double? Expires { get; init; }

    [JsonPropertyName("fxa-generation")]
    public long? Generation { get; init; }
}

[JsonSerializable(typeof(AccessHeader))]
[JsonSerializable(typeof(AccessClaims))]
[JsonSerializable(typeof(KeySet))]
[JsonSerializable(typeof(VerifyRequest))]
[JsonSerializable(typeof(VerifyAnswer))]
internal sealed partial class AccessJson : JsonSerializerContext;
