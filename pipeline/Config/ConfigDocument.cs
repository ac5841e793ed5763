using System.Text.Json;
using System.Text.Json.Serialization;
using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Pipeline.Config;

/// <summary>What webheads read: nodes, virtual hostnames, cache, limits; no secrets, only where they are. Immutable once written.</summary>
public sealed record ConfigDocument : PublishedDocument
{
    /// <summary>How documents and pointers are written.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The region of bucket and parameters.</summary>
    public required string Region { get; init; }

    /// <summary>The dbnodes.</summary>
    public required IReadOnlyList<ConfigNode> Nodes { get; init; }

    /// <summary>The cache's configuration endpoint.</summary>
    public required ConfigEndpoint Cache { get; init; }

    /// <summary>What a client may send.</summary>
    public ConfigLimits Limits { get; init; } = new();

    /// <summary>The timestamp of the secret that signs for a virtual hostname; null for the newest.</summary>
    public string? SignWith(string hostname) => Nodes.SelectMany(node => node.Hosts).FirstOrDefault(host => host.Hostname == hostname)?.SignWith;

    /// <summary>Whether two documents say the same, whatever their versions.</summary>
    public static bool SayTheSame(ConfigDocument first, ConfigDocument second) =>
        JsonSerializer.Serialize(first with { Version = 0 }, Json) == JsonSerializer.Serialize(second with { Version = 0 }, Json);

    /// <summary>What a new version would change, value by value; the version is one of them.</summary>
    public static IReadOnlyList<ValueChange> Differences(ConfigDocument current, ConfigDocument desired)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(desired);
        return SayTheSame(current, desired)
            ? []
            : JsonDifferences.Compare(JsonSerializer.SerializeToNode(current, Json), JsonSerializer.SerializeToNode(desired with { Version = current.Version + 1 }, Json));
    }
}

/// <summary>A dbnode, as webheads use it.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Address">Its host name.</param>
/// <param name="Port">Its port.</param>
/// <param name="User">The application account.</param>
/// <param name="PasswordParameter">Where its password is.</param>
/// <param name="Hosts">The virtual hostnames that it carries.</param>
public sealed record ConfigNode(string Name, string Address, int Port, string User, string PasswordParameter, IReadOnlyList<ConfigHost> Hosts);

/// <summary>A virtual hostname.</summary>
/// <param name="Hostname">The DNS name.</param>
/// <param name="Origin">Scheme, name and port as clients see them: a token's node.</param>
/// <param name="Database">Its database.</param>
/// <param name="SecretParameter">Where its secrets are.</param>
public sealed record ConfigHost(string Hostname, string Origin, string Database, string SecretParameter)
{
    /// <summary>False where no more users are assigned to it; left out otherwise. Webheads serve it in any case.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Assign { get; init; }

    /// <summary>The timestamp of the secret that signs, while the secrets are rotated; left out otherwise: the newest does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SignWith { get; init; }
}

/// <summary>A host and a port.</summary>
/// <param name="Address">The host.</param>
/// <param name="Port">The port.</param>
public sealed record ConfigEndpoint(string Address, int Port);

/// <summary>Limits that <c>/info/configuration</c> tells clients, in bytes and records.</summary>
public sealed record ConfigLimits
{
    /// <summary>The largest request.</summary>
    public int MaxRequestBytes { get; init; } = 2_101_248;

    /// <summary>The most records of a POST.</summary>
    public int MaxPostRecords { get; init; } = 100;

    /// <summary>The most payload bytes of a POST.</summary>
    public int MaxPostBytes { get; init; } = 2_097_152;

    /// <summary>The most records of a batch.</summary>
    public int MaxTotalRecords { get; init; } = 10_000;

    /// <summary>The most payload bytes of a batch.</summary>
    public int MaxTotalBytes { get; init; } = 209_715_200;

    /// <summary>The largest payload of a record.</summary>
    public int MaxRecordPayloadBytes { get; init; } = 2_097_152;

    /// <summary>The most payload bytes of a user; null for any amount.</summary>
    public long? QuotaBytes { get; init; }
}

/// <summary>Which document is current.</summary>
/// <param name="Version">The document's version.</param>
/// <param name="Key">Its key in the bucket.</param>
public sealed record ConfigPointer([property: JsonPropertyName("version")] int Version, [property: JsonPropertyName("key")] string Key);
