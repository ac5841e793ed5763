using System.Text.Json;
using System.Text.Json.Serialization;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Cache;

/// <summary>When a user's storage and each collection changed last.</summary>
internal sealed record UserTimestamps(SyncTimestamp Modified, IReadOnlyDictionary<string, SyncTimestamp> Collections)
{
    public static readonly UserTimestamps Empty = new(SyncTimestamp.Zero, new Dictionary<string, SyncTimestamp>());

    /// <summary>A collection's timestamp, zero if there is none.</summary>
    public SyncTimestamp Of(string collection) => Collections.GetValueOrDefault(collection);
}

/// <summary>The cached record of a user, as it is in memcached.</summary>
internal sealed record UserMetadata
{
    /// <summary>When the storage changed last, in milliseconds.</summary>
    [JsonPropertyName("m")]
    public long Modified { get; init; }

    /// <summary>Each collection's last change; null while nobody has loaded them.</summary>
    [JsonPropertyName("c")]
    public IReadOnlyDictionary<string, long>? Collections { get; init; }

    /// <summary>The writes under way. While there is one, the record says nothing: what it holds may be old any moment.</summary>
    [JsonPropertyName("w")]
    public IReadOnlyList<string> Writers { get; init; } = [];

    /// <summary>Who is loading. It stores what it read only if the record is still the one with its mark.</summary>
    [JsonPropertyName("l")]
    public string? Loader { get; init; }

    /// <summary>What the record says; null if it says nothing.</summary>
    [JsonIgnore]
    public UserTimestamps? Timestamps => Writers.Count > 0 || Collections is null
        ? null
        : new UserTimestamps(new SyncTimestamp(Modified),
            Collections.ToDictionary(pair => pair.Key, pair => new SyncTimestamp(pair.Value), StringComparer.Ordinal));

    public static UserMetadata From(UserTimestamps timestamps) => new()
    {
        Modified = timestamps.Modified.Milliseconds,
        Collections = timestamps.Collections.ToDictionary(pair => pair.Key, pair => pair.Value.Milliseconds, StringComparer.Ordinal),
    };

    /// <summary>The record with one collection changed.</summary>
    public UserMetadata With(string collection, SyncTimestamp modified) => Collections is null
        ? this
        : this with
        {
            Modified = Math.Max(Modified, modified.Milliseconds),
            Collections = new Dictionary<string, long>(Collections, StringComparer.Ordinal) { [collection] = modified.Milliseconds },
        };

    public byte[] Serialize() => JsonSerializer.SerializeToUtf8Bytes(this, CacheJson.Default.UserMetadata);

    /// <summary>Reads a record; one that can't be read counts as empty.</summary>
    public static UserMetadata Read(byte[] value)
    {
        try
        {
            return JsonSerializer.Deserialize(value, CacheJson.Default.UserMetadata) ?? new UserMetadata();
        }
        catch (JsonException)
        {
            // Written by another release, or cut: an empty record sends readers to the database, which knows.
            return new UserMetadata();
        }
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UserMetadata))]
internal sealed partial class CacheJson : JsonSerializerContext;
