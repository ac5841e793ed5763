using System.Text.Json.Serialization;

namespace SyncStorage.TokenServer.Configuration;

/// <summary>What a token server serves: its database, the accounts server, the nodes. It has the names of secrets, and no secret.</summary>
internal sealed record TokenDocument
{
    /// <summary>The format's number. This release reads its own and the next, which only adds members.</summary>
    public required int Format { get; init; }

    /// <summary>The document's number.</summary>
    public required int Version { get; init; }

    /// <summary>The origin that clients see; tokens name it.</summary>
    public required Uri Origin { get; init; }

    /// <summary>Where users and nodes are kept.</summary>
    public required TokenDatabase Database { get; init; }

    /// <summary>Who knows the users.</summary>
    // Not an initializer: the generated reader sets what a document leaves out, too.
    public AccountsSettings Accounts { get => field ?? new AccountsSettings(); init; }

    /// <summary>The parameter with the secret that hashes users' and devices' ids for metrics.</summary>
    public required string MetricsSecretParameter { get; init; }

    /// <summary>The virtual hostnames that users are assigned to.</summary>
    public required IReadOnlyList<TokenHost> Hosts { get; init; }

    /// <summary>What tokens are like.</summary>
    public TokenSettings Tokens { get => field ?? new TokenSettings(); init; }

    /// <summary>When old records go.</summary>
    public PurgeSettings Purge { get => field ?? new PurgeSettings(); init; }
}

/// <summary>The database, with the account that token servers use there.</summary>
internal sealed record TokenDatabase
{
    public required string Address { get; init; }

    public required int Port { get; init; }

    public required string User { get; init; }

    public required string PasswordParameter { get; init; }

    public required string Database { get; init; }
}

/// <summary>The accounts server.</summary>
/// <param name="Url">The base of its OAuth API; <c>/v1/jwks</c> and <c>/v1/verify</c> are below it.</param>
/// <param name="EmailDomain">What is added to a user's id for the database: <c>uid@domain</c>.</param>
/// <param name="TimeoutSeconds">The longest that one request of a client waits for the accounts server.</param>
/// <param name="Keys">The keys that sign its tokens, as JSON Web Keys; then none are fetched. None by default.</param>
internal sealed record AccountsSettings(
    string Url = "https://oauth.accounts.firefox.com",
    string EmailDomain = "api.accounts.firefox.com",
    int TimeoutSeconds = 10,
    IReadOnlyList<JsonWebKey>? Keys = null);

/// <summary>The members of a JSON Web Key that matter for RSA signatures.</summary>
internal sealed record JsonWebKey
{
    [JsonPropertyName("kty")]
    public string? KeyType { get; init; }

    [JsonPropertyName("kid")]
    public string? KeyId { get; init; }

    [JsonPropertyName("use")]
    public string? Use { get; init; }

    [JsonPropertyName("alg")]
    public string? Algorithm { get; init; }

    [JsonPropertyName("n")]
    public string? Modulus { get; init; }

    [JsonPropertyName("e")]
    public string? Exponent { get; init; }
}

/// <summary>A virtual hostname.</summary>
internal sealed record TokenHost
{
    /// <summary>Its origin: what the nodes table and tokens call it.</summary>
    public required Uri Origin { get; init; }

    /// <summary>The parameter with its secrets, the same that webheads read.</summary>
    public required string SecretParameter { get; init; }

    /// <summary>
    /// The timestamp of the secret that signs; null for the newest. A rotation names the old one here until every webhead accepts the new.
    /// </summary>
    public string? SignWith { get; init; }

    /// <summary>As the nodes table has it.</summary>
    [JsonIgnore]
    public string Node => Origin.GetLeftPart(UriPartial.Authority);
}

/// <summary>What tokens are like.</summary>
/// <param name="DurationSeconds">How long a token is good, and the longest that a client can ask for.</param>
/// <param name="NewUsers">Whether users come in that were never seen.</param>
/// <param name="NodeType">What clients are told of the nodes' storage.</param>
internal sealed record TokenSettings(int DurationSeconds = 3600, bool NewUsers = true, string NodeType = "mysql");

/// <summary>When old records go.</summary>
/// <param name="GraceSeconds">How long a record is kept after it was replaced.</param>
/// <param name="IntervalSeconds">How often token servers look for such.</param>
internal sealed record PurgeSettings(int GraceSeconds = 86_400, int IntervalSeconds = 3600);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TokenDocument))]
internal sealed partial class TokenDocumentJson : JsonSerializerContext;
