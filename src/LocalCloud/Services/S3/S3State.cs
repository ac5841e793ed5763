using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SyncStorage.LocalCloud.Services.S3;

/// <summary>What is saved of a bucket, in <c>bucket.json</c>. Configurations are kept as they were put.</summary>
internal sealed class BucketState
{
    public string Name { get; init; } = "";

    public DateTimeOffset Created { get; init; }

    /// <summary><c>Enabled</c>, <c>Suspended</c>, or null if it was never on.</summary>
    public string? Versioning { get; set; }

    public JsonObject? PublicAccessBlock { get; set; }

    public JsonObject? Encryption { get; set; }

    public JsonArray? LifecycleRules { get; set; }

    public JsonArray? Tags { get; set; }
}

/// <summary>What is saved of a key: its versions, the newest last.</summary>
internal sealed record ObjectState(string Key, IReadOnlyList<ObjectVersion> Versions)
{
    /// <summary>The newest version, or null if that is a delete marker.</summary>
    [JsonIgnore]
    public ObjectVersion? Current => Versions[^1] is { IsDeleteMarker: false } version ? version : null;
}

/// <summary>One version of an object.</summary>
internal sealed record ObjectVersion
{
    /// <summary>The version id of an object that was put while versioning was off.</summary>
    public const string NullId = "null";

    public string VersionId { get; init; } = NullId;

    /// <summary>The name of the data's file; null for a delete marker.</summary>
    public string? DataFile { get; init; }

    public long Size { get; init; }

    /// <summary>With its quotes.</summary>
    public string ETag { get; init; } = "";

    public DateTimeOffset LastModified { get; init; }

    public string? ChecksumName { get; init; }

    public string? ChecksumValue { get; init; }

    /// <summary>The members that a GET gives back as they were put: <c>ContentType</c>, <c>Metadata</c>…</summary>
    public JsonObject Attributes { get; init; } = [];

    [JsonIgnore]
    public bool IsDeleteMarker => DataFile is null;
}
