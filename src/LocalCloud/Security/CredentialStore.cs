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

    public CredentialStore(CloudContext cloud)
    {
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

    public InstanceCredentials IssueFor(string instanceId, string instanceProfile)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var current = state.Issued.Find(known =>
                known.InstanceId == instanceId && known.InstanceProfile == instanceProfile && known.Expires - now > RenewBefore);
            if (current is null)
            {
                current = new KnownCredential("ASIA" + RandomNumberGenerator.GetString(KeyAlphabet, 16),
                    RandomNumberGenerator.GetString(SecretAlphabet, 40), Convert.ToBase64String(RandomNumberGenerator.GetBytes(96)),
                    now + Lifetime, instanceId, instanceProfile);
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

    private static KnownCredential Create(string path)
    {
        var made = new KnownCredential("AKIA" + RandomNumberGenerator.GetString(KeyAlphabet, 16), RandomNumberGenerator.GetString(SecretAlphabet, 40));
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
    string? InstanceId = null, string? InstanceProfile = null)
{
    public Caller ToCaller(string accountId) => new(AccessKeyId,
        InstanceId is null ? $"arn:aws:iam::{accountId}:user/local" : $"arn:aws:sts::{accountId}:assumed-role/{InstanceProfile}/{InstanceId}",
        InstanceId);

    public override string ToString() => $"{AccessKeyId} ([REDACTED])";
}
