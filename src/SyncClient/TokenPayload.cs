using System.Text.Json.Serialization;

namespace SyncStorage.SyncClient;

/// <summary>What a token says about its bearer.</summary>
public sealed record TokenPayload
{
    /// <summary>The user's number on the node, 1 to 10 digits.</summary>
    [JsonPropertyName("uid")]
    public required long Uid { get; init; }

    /// <summary>The origin that the user is assigned to, for example <c>https://sync1.example.com</c>.</summary>
    [JsonPropertyName("node")]
    public required string Node { get; init; }

    /// <summary>When the token expires, in seconds since 1970.</summary>
    [JsonPropertyName("expires")]
    public required double Expires { get; init; }

    /// <summary>The salt of the token's Hawk key: six hex digits.</summary>
    [JsonPropertyName("salt")]
    public required string Salt { get; init; }

    /// <summary>The user's Firefox account.</summary>
    [JsonPropertyName("fxa_uid")]
    public string? FxaUid { get; init; }

    /// <summary>The key that the user's data is encrypted with, by its id.</summary>
    [JsonPropertyName("fxa_kid")]
    public string? FxaKeyId { get; init; }

    /// <summary>The account, hashed, as metrics may have it.</summary>
    [JsonPropertyName("hashed_fxa_uid")]
    public string? HashedFxaUid { get; init; }

    /// <summary>The device, hashed.</summary>
    [JsonPropertyName("hashed_device_id")]
    public string? HashedDeviceId { get; init; }

    /// <summary>The device, hashed, as older token servers name it.</summary>
    [JsonPropertyName("device_id")]
    public string? DeviceId { get; init; }

    /// <summary>Which token server made this token.</summary>
    [JsonPropertyName("tokenserver_origin")]
    public string? TokenServerOrigin { get; init; }
}

/// <summary>Makes and reads payloads without reflection: a webhead's first request is on this path.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenPayload))]
internal sealed partial class TokenJson : JsonSerializerContext;
