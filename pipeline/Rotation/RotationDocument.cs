using System.Text.Json;
using System.Text.Json.Serialization;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Rotation;

/// <summary><c>state/rotation.json</c>: the rotations that are unfinished, each with its step, and when each was last finished. No secret is in it.</summary>
public sealed record RotationDocument
{
    /// <summary>The format of this document.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The passwords of the databases, if they are being rotated.</summary>
    public DatabasePasswordRotation? DatabasePassword { get; init; }

    /// <summary>The password of the token servers' account, if it is being rotated.</summary>
    public TokenServerPasswordRotation? TokenServerPassword { get; init; }

    /// <summary>The master secret, if it is being rotated.</summary>
    public MasterSecretRotation? MasterSecret { get; init; }

    /// <summary>The certificate, if it is being rotated.</summary>
    public CertificateRotation? Certificate { get; init; }

    /// <summary>All of it, if that is being rotated.</summary>
    public CredentialsRotation? Credentials { get; init; }

    /// <summary>When rotations were last finished, by target.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Finished { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>The rotations that are unfinished, for people.</summary>
    public IReadOnlyList<string> Describe()
    {
        var lines = new List<string>();
        if (DatabasePassword is { } passwords) lines.Add(Line(DatabasePasswordStage.Target, passwords.StartedAt, $"{passwords.Step}", "run it again: it goes on there"));
        if (TokenServerPassword is { } account) lines.Add(Line(DatabasePasswordStage.Target, account.StartedAt, "the token server's account", "run it again: it goes on there"));
        if (MasterSecret is { } secret) lines.Add(Line(MasterSecretStage.Target, secret.StartedAt, $"{secret.Step}", secret.Next));
        if (Certificate is { } certificate) lines.Add(Line(CertificateStage.Target, certificate.StartedAt, "the load balancer", "run it again: it goes on there"));
        if (Credentials is { } all) lines.Add(Line(CredentialsStage.Target, all.StartedAt, "what is unfinished", "run it again: what is finished is not done again"));
        return lines;
    }

    private static string Line(string target, DateTimeOffset since, string step, string next) => $"{target} since {since:yyyy-MM-dd HH:mm:ss} UTC, at {step}; {next}";

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, StateObjects.Json);

    /// <summary>Reads one; null if the text is no such document.</summary>
    public static RotationDocument? TryParse(string json) => StateObjects.TryParse<RotationDocument>(json);
}

/// <summary>A rotation of the databases' passwords, and how far it is.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="Step">The step that is under way, or has yet to begin.</param>
/// <param name="Nodes">The dbnodes, with the account that webheads had when it began.</param>
public sealed record DatabasePasswordRotation(DateTimeOffset StartedAt, DatabasePasswordStep Step, IReadOnlyList<NodeAccounts> Nodes);

/// <summary>A dbnode's two application accounts in a rotation.</summary>
/// <param name="Node">The dbnode.</param>
/// <param name="From">The account that webheads leave.</param>
/// <param name="To">The account that they come to have.</param>
public sealed record NodeAccounts(string Node, DatabaseAccount From, DatabaseAccount To);

/// <summary>The steps, in their order. Each can be done again.</summary>
public enum DatabasePasswordStep
{
    /// <summary>New passwords of the master accounts are stored.</summary>
    StoreMaster,

    /// <summary>The databases are given what is stored.</summary>
    SetMaster,

    /// <summary>New passwords of the idle application accounts are stored.</summary>
    StorePassword,

    /// <summary>The idle accounts are made, or given what is stored.</summary>
    MakeAccount,

    /// <summary>Webheads are told to use them, and do.</summary>
    Publish,

    /// <summary>The accounts that nobody uses any more are locked.</summary>
    Retire,
}

/// <summary>A rotation of the password of the token servers' account. Which of the two they have is in their configuration.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="From">The account that they leave.</param>
/// <param name="To">The account that they come to have.</param>
public sealed record TokenServerPasswordRotation(DateTimeOffset StartedAt, DatabaseAccount From, DatabaseAccount To);

/// <summary>A rotation of the certificate.</summary>
/// <param name="StartedAt">When it began: the new one's name says it.</param>
public sealed record CertificateRotation(DateTimeOffset StartedAt);

/// <summary>A rotation of all that there is.</summary>
/// <param name="StartedAt">When it began: what was finished since belongs to it.</param>
public sealed record CredentialsRotation(DateTimeOffset StartedAt);

/// <summary>A rotation of the master secret, and how far it is.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="Step">The step that is under way, or has yet to begin.</param>
/// <param name="Timestamp">Of what is derived from the new master secret.</param>
public sealed record MasterSecretRotation(DateTimeOffset StartedAt, MasterSecretStep Step, long Timestamp)
{
    /// <summary>Since when only the new secrets sign; null before.</summary>
    public DateTimeOffset? SignedSince { get; init; }

    /// <summary>What is to be done, for people.</summary>
    [JsonIgnore]
    public string Next => Step switch
    {
        MasterSecretStep.Sign => $"it waits for a token server to have the new secrets: run it again with --confirm={MasterSecretStage.TokenServer}",
        MasterSecretStep.Expire => $"the new secrets sign since {SignedSince:yyyy-MM-dd HH:mm:ss} UTC: run it again once tokens of the old ones have expired",
        _ => "run it again: it goes on there",
    };
}

/// <summary>The steps, in their order. Each can be done again.</summary>
public enum MasterSecretStep
{
    /// <summary>The new master secret is stored.</summary>
    Make,

    /// <summary>Who signs is told to go on with the secret that signs now.</summary>
    Pin,

    /// <summary>Webheads get the new secrets beside the old, and accept both.</summary>
    Add,

    /// <summary>Who signs is told to sign with the new secrets.</summary>
    Sign,

    /// <summary>Tokens that were signed with the old secrets expire.</summary>
    Expire,

    /// <summary>The old secrets are taken away.</summary>
    Remove,
}
