using System.Text.Json.Serialization;
using SyncStorage.TokenServer.Configuration;

namespace SyncStorage.TokenServer.Accounts;

/// <summary>What <c>/v1/jwks</c> answers.</summary>
internal sealed record KeySet
{
    [JsonPropertyName("keys")]
    public IReadOnlyList<JsonWebKey>? Keys { get; init; }
}

/// <summary>What <c>/v1/verify</c> is asked.</summary>
internal sealed record VerifyRequest
{
    [JsonPropertyName("token")]
    public required string Token { get; init; }
}

/// <summary>What <c>/v1/verify</c> answers of a token that is good.</summary>
internal sealed record VerifyAnswer
{
    [JsonPropertyName("user")]
    public string? User { get; init; }

    [JsonPropertyName("scope")]
    public IReadOnlyList<string>? Scope { get; init; }

    [JsonPropertyName("generation")]
    public long? Generation { get; init; }
}
