using System.Security.Cryptography;
using System.Text;

namespace SyncStorage.LocalCloud.Security;

/// <summary>
/// The credentials that open this LocalCloud: the operator's, made once a state directory and written where AWS clients
/// read them, and temporary ones for its instances.
/// </summary>
internal sealed class CredentialStore : ICredentialStore
{
    public const string FileName = "credentials";

    private const string KeyAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string SecretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(6);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(15);

    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly StateFile<CredentialState> file;
    private readonly CredentialState state;
    private readonly KnownCredential operatorCredential;

    private readonly IInstanceProfiles? profiles;

    /// <param name="cloud">The cloud that they open.</param>
    /// <param name="profiles">Knows the roles of instances; null where only the operator's credential is wanted.</param>
    public CredentialStore(CloudContext cloud, IInstanceProfiles? profiles = null)
    {
        this.profiles = profiles;
        time = cloud.Time;
        file = new StateFile<CredentialState>(cloud.StateDirectory, "credentials");
        state = file.Load();
        var path = Path.Combine(cloud.StateDirectory, FileName);
        operatorCredential = Read(path) ?? Create(path);
    }

    /// <summary>The operator's credential, for the tests' clients.</summary>
    public KnownCredential Operator => operatorCredential;

    public KnownCredential? Find(string accessKeyId)
    {
        if (accessKeyId == operatorCredential.AccessKeyId) return operatorCredential;
        lock (gate) return state.Issued.Find(known => known.AccessKeyId == accessKeyId);
    }

    /// <inheritdoc/>
    public string? RoleOf(string instanceProfile) => profiles?.Find(instanceProfile)?.Role;

    /// <summary>A credential of a user who may do what a policy says, and nothing else; for as long as the state directory lasts.</summary>
    /// <exception cref="FormatException">The policy is none.</exception>
    public KnownCredential Restricted(string user, string policy)
    {
        _ = Policies.PolicyDocument.Parse(policy);
        lock (gate)
        {
            state.Issued.RemoveAll(known => known.User == user);
            var made = New("AKIA") with { User = user, Policy = policy };
            state.Issued.Add(made);
            file.Save(state);
            return made;
        }
    }

    /// <summary>The users who have been made so.</summary>
    public IReadOnlyList<string> Users
    {
        get
        {
            lock (gate) return [.. state.Issued.Select(known => known.User).OfType<string>()];
        }
    }

    public InstanceCredentials IssueFor(string instanceId, string instanceProfile)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var current = state.Issued.Find(known =>
                known.InstanceId == instanceId && known.InstanceProfile == instanceProfile && known.Expires - now > RenewBefore);
            if (current is null)
            {
                current = New("ASIA") with
                {
                    SessionToken = Convert.ToBase64String(RandomNumberGenerator.GetBytes(96)),
                    Expires = now + Lifetime,
                    InstanceId = instanceId,
                    InstanceProfile = instanceProfile,
                    Role = RoleOf(instanceProfile),
                };
                state.Issued.RemoveAll(known => known.Expires <= now);
                state.Issued.Add(current);
                file.Save(state);
            }

            return new InstanceCredentials(current.AccessKeyId, current.SecretAccessKey, current.SessionToken!, current.Expires!.Value);
        }
    }

    public void Revoke(string instanceId)
    {
        lock (gate)
        {
            if (state.Issued.RemoveAll(known => known.InstanceId == instanceId) > 0) file.Save(state);
        }
    }

    private static KnownCredential? Read(string path)
    {
        if (!File.Exists(path)) return null;
        var values = File.ReadLines(path).Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim(), StringComparer.Ordinal);
        return values.TryGetValue("aws_access_key_id", out var id) && values.TryGetValue("aws_secret_access_key", out var secret)
            ? new KnownCredential(id, secret)
            : throw new InvalidDataException($"{path} holds no aws_access_key_id and aws_secret_access_key. Remove it and start again.");
    }

    private static KnownCredential New(string prefix) =>
        new(prefix + RandomNumberGenerator.GetString(KeyAlphabet, 16), RandomNumberGenerator.GetString(SecretAlphabet, 40));

    private static KnownCredential Create(string path)
    {
        var made = New("AKIA");
        var text = $"[default]\naws_access_key_id = {made.AccessKeyId}\naws_secret_access_key = {made.SecretAccessKey}\n";
        PrivateFile.Write(path, Encoding.UTF8.GetBytes(text));
        return made;
    }
}

/// <summary>The temporary credentials that are saved.</summary>
internal sealed class CredentialState
{
    public List<KnownCredential> Issued { get; init; } = [];
}

/// <summary>A credential that this LocalCloud accepts. It prints without its secrets.</summary>
internal sealed record KnownCredential(
    string AccessKeyId, string SecretAccessKey, string? SessionToken = null, DateTimeOffset? Expires = null,
    string? InstanceId = null, string? InstanceProfile = null, string? Role = null, string? User = null, string? Policy = null)
{
    public Caller ToCaller(string accountId) => new(AccessKeyId,
        InstanceId is null ? ArnOf(accountId, User ?? "local") : $"arn:aws:sts::{accountId}:assumed-role/{Role ?? InstanceProfile}/{InstanceId}",
        InstanceId);

    public static string ArnOf(string accountId, string user) => $"arn:aws:iam::{accountId}:user/{user}";

    public override string ToString() => $"{AccessKeyId} ([REDACTED])";
}
