using System.Security.Cryptography;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.SyncClient;

namespace SyncStorage.Pipeline.Config;

/// <summary>
/// The cluster's secrets: SSM SecureStrings, generated on first use, never overwritten here. One read a run gets all of them.
/// </summary>
public sealed class SecretStore
{
    /// <summary>GetParameters takes no more names a call.</summary>
    private const int NamesPerCall = 10;

    private const string PasswordAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    private readonly IClients clients;
    private readonly EnvironmentSettings settings;
    private readonly ClusterNames names;
    private readonly TimeProvider time;
    private readonly IProgress progress;
    private readonly Memo<Dictionary<string, Secret>> stored;

    /// <summary>Reads nothing yet.</summary>
    public SecretStore(IClients clients, EnvironmentSettings settings, ClusterNames names, TimeProvider time, IProgress progress)
    {
        this.clients = clients;
        this.settings = settings;
        this.names = names;
        this.time = time;
        this.progress = progress;
        stored = new(ReadAsync);
    }

    /// <summary>The names of all parameters that the settings call for.</summary>
    public IReadOnlyList<string> Names =>
    [
        names.MasterSecretParameter,
        .. settings.Dbnodes.SelectMany(node => new[] { names.MasterPasswordParameter(node.Name), names.ApplicationPasswordParameter(node.Name) }),
        .. settings.Dbnodes.SelectMany(node => node.Hosts).Select(host => names.HostSecretParameter(host.Hostname)),
    ];

    /// <summary>Those that do not exist yet.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync(CancellationToken cancellationToken)
    {
        var known = await stored.GetAsync(cancellationToken);
        return [.. Names.Where(name => !known.ContainsKey(name))];
    }

    /// <summary>A dbnode's master password, made if there is none.</summary>
    public Task<Secret> MasterPasswordAsync(string node, CancellationToken cancellationToken) =>
        GetOrCreateAsync(names.MasterPasswordParameter(node), NewPassword, cancellationToken);

    /// <summary>A dbnode's application password, made if there is none.</summary>
    public Task<Secret> ApplicationPasswordAsync(string node, CancellationToken cancellationToken) =>
        GetOrCreateAsync(names.ApplicationPasswordParameter(node), NewPassword, cancellationToken);

    /// <summary>A virtual hostname's list of secrets; its first is derived from the cluster's master secret.</summary>
    public async Task<Secret> HostSecretsAsync(string hostname, CancellationToken cancellationToken)
    {
        var master = await GetOrCreateAsync(names.MasterSecretParameter, () => RandomNumberGenerator.GetHexString(64, lowercase: true), cancellationToken);
        return await GetOrCreateAsync(
            names.HostSecretParameter(hostname),
            () => NodeSecrets.FormatEntry(time.GetUtcNow(), NodeSecrets.Derive(master.Reveal(), $"https://{hostname}")), cancellationToken);
    }

    private static string NewPassword() => RandomNumberGenerator.GetString(PasswordAlphabet, 32);

    private async Task<Secret> GetOrCreateAsync(string name, Func<string> make, CancellationToken cancellationToken)
    {
        var known = await stored.GetAsync(cancellationToken);
        if (known.TryGetValue(name, out var secret)) return secret;

        var made = make();
        try
        {
            await clients.Ssm.PutParameterAsync(
                new PutParameterRequest
                {
                    Name = name,
                    Value = made,
                    Type = ParameterType.SecureString,
                    Overwrite = false,
                    Tags = ResourceTags.Of(names.Cluster, "secret").ToSsm(),
                },
                cancellationToken);
        }
        catch (ParameterAlreadyExistsException)
        {
            // Another run was first, and its value counts; or ours was stored and the answer lost.
            return (await stored.RefreshAsync(cancellationToken)).GetValueOrDefault(name)
                ?? throw new PipelineException(
                    ErrorCode.AwsRefused, $"The parameter {name} exists, says AWS, and can't be read.", hint: "Run the same command again in a minute.");
        }

        progress.Changed($"secret {name} made");
        return known[name] = new Secret(made);
    }

    private async Task<Dictionary<string, Secret>> ReadAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Secret>(StringComparer.Ordinal);
        foreach (var chunk in Names.Chunk(NamesPerCall))
        {
            var answer = await clients.Ssm.GetParametersAsync(new GetParametersRequest { Names = [.. chunk], WithDecryption = true }, cancellationToken);
            foreach (var parameter in answer.Parameters ?? []) found[parameter.Name] = new Secret(parameter.Value);
        }

        return found;
    }
}
