using System.Text.Json;
using System.Text.Json.Serialization;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.TokenServers;

/// <summary>What token servers read: their database, the accounts server, the virtual hostnames; no secrets, only where they are.</summary>
public sealed record TokenConfigDocument : PublishedDocument
{
    /// <summary>The origin that clients see.</summary>
    public required string Origin { get; init; }

    /// <summary>Where users and nodes are kept.</summary>
    public required TokenConfigDatabase Database { get; init; }

    /// <summary>Where the secret is that hashes ids for metrics.</summary>
    public required string MetricsSecretParameter { get; init; }

    /// <summary>The virtual hostnames.</summary>
    public required IReadOnlyList<TokenConfigHost> Hosts { get; init; }

    /// <summary>The accounts server.</summary>
    public required TokenConfigAccounts Accounts { get; init; }

    /// <summary>What tokens are like.</summary>
    public required TokenConfigTokens Tokens { get; init; }

    /// <summary>When old records go.</summary>
    public required TokenConfigPurge Purge { get; init; }

    /// <summary>
    /// The document of settings, for the virtual hostnames that webheads serve now: with the secrets that sign, and the dbnode's address, as their configuration has
    /// them. Null where webheads have no configuration yet, or it does not have the dbnode.
    /// </summary>
    /// <param name="webheads">The webheads' current configuration.</param>
    /// <param name="settings">The cluster's settings, with a token server.</param>
    /// <param name="names">The cluster's names.</param>
    /// <param name="current">The document that token servers have, and with it the one of their two accounts; null for the first of them.</param>
    public static TokenConfigDocument? Of(ConfigDocument? webheads, EnvironmentSettings settings, ClusterNames names, TokenConfigDocument? current = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(names);
        if (settings.TokenServer is not { } server || webheads?.Nodes.FirstOrDefault(node => node.Name == settings.TokenServerNode?.Name) is not { } node) return null;
        var account = current?.Database.Account ?? names.FirstTokenServerAccount;
        return new TokenConfigDocument
        {
            Origin = settings.TokenServerOrigin.GetLeftPart(UriPartial.Authority),
            Database = new TokenConfigDatabase(node.Address, node.Port, account.User, account.PasswordParameter, server.Database),
            MetricsSecretParameter = names.MetricsSecretParameter,
            Hosts = [.. webheads.Nodes.SelectMany(known => known.Hosts).Select(host => new TokenConfigHost(host.Origin, host.SecretParameter) { SignWith = host.SignWith })],
            Accounts = new TokenConfigAccounts($"{server.Accounts.Url}".TrimEnd('/'), server.Accounts.EmailDomain, server.Accounts.TimeoutSeconds),
            Tokens = new TokenConfigTokens(server.TokenSeconds, server.NewUsers),
            Purge = new TokenConfigPurge(server.PurgeGraceSeconds),
        };
    }

    /// <summary>What a new version would change, value by value; the version is one of them.</summary>
    public static IReadOnlyList<ValueChange> Differences(TokenConfigDocument current, TokenConfigDocument desired)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(desired);
        if (SayTheSame(current, desired)) return [];
        return JsonDifferences.Compare(Node(current), Node(desired with { Version = current.Version + 1 }));
    }

    /// <summary>Whether two documents say the same, whatever their versions.</summary>
    public static bool SayTheSame(TokenConfigDocument first, TokenConfigDocument second) =>
        JsonSerializer.Serialize(first with { Version = 0 }, ConfigDocument.Json) == JsonSerializer.Serialize(second with { Version = 0 }, ConfigDocument.Json);

    private static System.Text.Json.Nodes.JsonNode? Node(TokenConfigDocument document) => JsonSerializer.SerializeToNode(document, ConfigDocument.Json);
}

/// <summary>The token servers' database.</summary>
/// <param name="Address">The dbnode's host name.</param>
/// <param name="Port">Its port.</param>
/// <param name="User">The account.</param>
/// <param name="PasswordParameter">Where its password is.</param>
/// <param name="Database">The database.</param>
public sealed record TokenConfigDatabase(string Address, int Port, string User, string PasswordParameter, string Database)
{
    /// <summary>The account, with where its password is.</summary>
    [JsonIgnore]
    public DatabaseAccount Account => new(User, PasswordParameter);
}

/// <summary>A virtual hostname.</summary>
/// <param name="Origin">A token's node.</param>
/// <param name="SecretParameter">Where its secrets are.</param>
public sealed record TokenConfigHost(string Origin, string SecretParameter)
{
    /// <summary>The timestamp of the secret that signs, while the secrets are rotated; left out otherwise: the newest does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SignWith { get; init; }
}

/// <summary>The accounts server.</summary>
/// <param name="Url">The base of its OAuth API.</param>
/// <param name="EmailDomain">What is added to a user's id.</param>
/// <param name="TimeoutSeconds">How long a request waits for it.</param>
public sealed record TokenConfigAccounts(string Url, string EmailDomain, int TimeoutSeconds);

/// <summary>What tokens are like.</summary>
/// <param name="DurationSeconds">How long one is good.</param>
/// <param name="NewUsers">Whether users come in that were never seen.</param>
public sealed record TokenConfigTokens(int DurationSeconds, bool NewUsers);

/// <summary>When old records go.</summary>
/// <param name="GraceSeconds">How long one is kept.</param>
public sealed record TokenConfigPurge(int GraceSeconds);

/// <summary>The token servers' configuration.</summary>
public sealed class TokenConfigStore(ClusterBucket bucket) : DocumentStore<TokenConfigDocument>(bucket, Prefix)
{
    private const string Prefix = "config/tokenserver/";
}
