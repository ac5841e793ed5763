using System.Text.Json.Serialization;

namespace SyncStorage.Webhead.Configuration;

/// <summary>What a webhead serves: nodes, virtual hostnames, cache, limits. It has the names of secrets, and no secret.</summary>
internal sealed record ConfigurationDocument
{
    /// <summary>The format's number. This release reads its own and the next, which only adds members.</summary>
    public required int Format { get; init; }

    /// <summary>The document's number.</summary>
    public required int Version { get; init; }

    /// <summary>The dbnodes.</summary>
    public required IReadOnlyList<DatabaseNode> Nodes { get; init; }

    /// <summary>The cache's configuration endpoint, if there is a cache.</summary>
    public CacheEndpoint? Cache { get; init; }

    /// <summary>What a request may hold.</summary>
    // Not an initializer: the generated reader sets what a document leaves out, too.
    public Limits Limits { get => field ?? new Limits(); init; }

    /// <summary>Whether clients are asked to stay away.</summary>
    public BackoffSettings Backoff { get => field ?? new BackoffSettings(); init; }

    /// <summary>The networks (CIDR) of the proxies whose <c>X-Forwarded-Host</c> counts; none by default.</summary>
    public IReadOnlyList<string> TrustedProxies { get => field ?? []; init; }
}

/// <summary>One MySQL host, with the account that webheads use there.</summary>
internal sealed record DatabaseNode
{
    public required string Name { get; init; }

    public required string Address { get; init; }

    public required int Port { get; init; }

    public required string User { get; init; }

    public required string PasswordParameter { get; init; }

    public required IReadOnlyList<HostEntry> Hosts { get; init; }
}

/// <summary>One virtual hostname, with its database.</summary>
internal sealed record HostEntry
{
    public required string Hostname { get; init; }

    public required Uri Origin { get; init; }

    public required string Database { get; init; }

    public required string SecretParameter { get; init; }

    /// <summary>The timestamp of the secret that signs, of those listed; null for the newest. Only checks sign here.</summary>
    public string? SignWith { get; init; }
}

/// <summary>Where to ask for the cache nodes.</summary>
internal sealed record CacheEndpoint
{
    public required string Address { get; init; }

    public required int Port { get; init; }
}

/// <summary>What a request may hold; the defaults are those of the Python server.</summary>
internal sealed record Limits(
    int MaxRequestBytes = 2 * 1024 * 1024 + 4096,
    int MaxPostRecords = 100,
    int MaxPostBytes = 2 * 1024 * 1024,
    int MaxTotalRecords = 10_000,
    long MaxTotalBytes = 200L * 1024 * 1024,
    int MaxRecordPayloadBytes = 2 * 1024 * 1024,
    long? QuotaBytes = null);

/// <summary>Asks clients to stay away, for maintenance or to take load off.</summary>
/// <param name="Probability">The share of answers that carry <c>X-Weave-Backoff</c>, 0 to 1.</param>
/// <param name="UnavailableProbability">The share of requests that get 503 with <c>Retry-After</c> instead of an answer, 0 to 1.</param>
/// <param name="RetryAfterSeconds">For how long, at least.</param>
internal sealed record BackoffSettings(double Probability = 0, double UnavailableProbability = 0, int RetryAfterSeconds = 1800);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ConfigurationDocument))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;
