using System.Text.Json.Serialization;
using SyncStorage.ServiceHost.Settings;

namespace SyncStorage.ServiceHost.Health;

/// <summary>One dependency's state.</summary>
internal sealed record Part
{
    public static readonly Part Ok = new() { Status = "ok" };

    public required string Status { get; init; }

    public string? Error { get; init; }

    /// <summary>Of the cache: how many nodes this webhead knows.</summary>
    public int? Nodes { get; init; }

    public static Part Failed(string error) => new() { Status = "failed", Error = error };
}

/// <summary>What <c>/__heartbeat__</c> tells.</summary>
internal sealed record HeartbeatReport
{
    public required string Status { get; init; }

    public required string Release { get; init; }

    public int? Configuration { get; init; }

    public IReadOnlyDictionary<string, Part>? Databases { get; init; }

    /// <summary>The oldest and the newest schema of the databases that answer, whether or not this release works with them.</summary>
    public VersionRange? Schema { get; init; }

    public Part? Cache { get; init; }

    /// <summary>Whether this process serves. A dependency that failed is no reason to leave the load balancer: all would.</summary>
    [JsonIgnore]
    public bool Serves => Status is "ok" or "degraded";
}

/// <summary>What <c>/__version__</c> tells.</summary>
internal sealed record VersionReport(string Release, string Version, VersionRange Schema, VersionRange Configuration);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HeartbeatReport))]
[JsonSerializable(typeof(VersionReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
