using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SyncStorage.SyncClient;

namespace SyncStorage.TokenServer.Protocol;

/// <summary>Makes tokens.</summary>
/// <param name="origin">This service, as clients see it.</param>
/// <param name="metricsSecret">Hashes ids for metrics.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenIssuer(string origin, string metricsSecret, TimeProvider time)
{
    private const int HashDigits = 32;

    // Clients of the protocol in use here do not say which device they are.
    private const string NoDevice = "none";

    private readonly byte[] metricsKey = Encoding.UTF8.GetBytes(metricsSecret);

    /// <summary>A token for a user of a node.</summary>
    /// <param name="uid">The user's number there.</param>
    /// <param name="fxaUid">The user's account.</param>
    /// <param name="keys">The user's keys.</param>
    /// <param name="node">The node.</param>
    /// <param name="secret">What signs.</param>
    /// <param name="seconds">How long it is good.</param>
    public HawkCredentials Issue(long uid, string fxaUid, KeyId keys, string node, TokenSecret secret, int seconds)
    {
        var hashedUid = Hash(fxaUid);
        return Tokens.Make(
            new TokenPayload
            {
                Uid = uid,
                Node = node,
                Expires = time.GetUtcNow().ToUnixTimeSeconds() + seconds,
                Salt = RandomNumberGenerator.GetHexString(6, lowercase: true),
                FxaUid = fxaUid,
                FxaKeyId = keys.ToString(),
                HashedFxaUid = hashedUid,
                HashedDeviceId = Hash(hashedUid + NoDevice),
                TokenServerOrigin = origin,
            },
            secret);
    }

    private string Hash(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(metricsKey, Encoding.UTF8.GetBytes(text)))[..HashDigits];
}

/// <summary>The answer to a request that is let in.</summary>
internal sealed record TokenAnswer
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("key")]
    public required string Key { get; init; }

    [JsonPropertyName("uid")]
    public required long Uid { get; init; }

    [JsonPropertyName("api_endpoint")]
    public required string ApiEndpoint { get; init; }

    [JsonPropertyName("duration")]
    public required int Duration { get; init; }

    [JsonPropertyName("hashed_fxa_uid")]
    public required string HashedFxaUid { get; init; }

    [JsonPropertyName("hashalg")]
    public string HashAlgorithm { get; init; } = "sha256";

    [JsonPropertyName("node_type")]
    public required string NodeType { get; init; }

    /// <summary>The answer that hands a token over.</summary>
    public static byte[] Write(HawkCredentials credentials, int duration, string nodeType) => JsonSerializer.SerializeToUtf8Bytes(
        new TokenAnswer
        {
            Id = credentials.Token,
            Key = credentials.Key,
            Uid = credentials.Payload.Uid,
            ApiEndpoint = FormattableString.Invariant($"{credentials.Payload.Node}/1.5/{credentials.Payload.Uid}"),
            Duration = duration,
            HashedFxaUid = credentials.Payload.HashedFxaUid!,
            NodeType = nodeType,
        }, TokenAnswerJson.Default.TokenAnswer);
}

[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class TokenAnswerJson : JsonSerializerContext;
