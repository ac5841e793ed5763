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
        .. settings.TokenServer is null ? Array.Empty<string>() : [names.TokenServerPasswordParameter, names.MetricsSecretParameter],
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

    /// <summary>The password of the token servers' database account, made if there is none.</summary>
    public Task<Secret> TokenServerPasswordAsync(CancellationToken cancellationToken) => GetOrCreateAsync(names.TokenServerPasswordParameter, NewPassword, cancellationToken);

    /// <summary>What token servers hash ids with for metrics, made if there is nothing.</summary>
    public Task<Secret> MetricsSecretAsync(CancellationToken cancellationToken) =>
        GetOrCreateAsync(names.MetricsSecretParameter, () => RandomNumberGenerator.GetHexString(64, lowercase: true), cancellationToken);

    /// <summary>Gives a parameter a new password, whatever it had.</summary>
    public Task RenewPasswordAsync(string name, CancellationToken cancellationToken) => WriteAsync(name, new Secret(NewPassword()), cancellationToken);

    /// <summary>Writes a secret, over what is there.</summary>
    public async Task WriteAsync(string name, Secret value, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!await TryMakeAsync(name, value.Reveal(), cancellationToken))
        {
            // Tags can't be given along with what overwrites: they are there.
            await clients.Ssm.PutParameterAsync(
                new PutParameterRequest { Name = name, Value = value.Reveal(), Type = ParameterType.SecureString, Overwrite = true }, cancellationToken);
        }

        // Not read again: what AWS answers right after a change may be what was.
        (await stored.GetAsync(cancellationToken))[name] = value;
        progress.Changed($"secret {name} written");
    }

    /// <summary>A virtual hostname's list of secrets; its first is derived from the cluster's master secret.</summary>
    public async Task<Secret> HostSecretsAsync(string hostname, CancellationToken cancellationToken)
    {
        var master = await GetOrCreateAsync(names.MasterSecretParameter, () => RandomNumberGenerator.GetHexString(64, lowercase: true), cancellationToken);
        var next = await NextMasterAsync(cancellationToken);
        return await GetOrCreateAsync(
            names.HostSecretParameter(hostname),
            () => SecretLists.OfNew(hostname, master, next, time.GetUtcNow()), cancellationToken);
    }

    /// <summary>The master secret that is to replace the present one; null if none is.</summary>
    public async Task<NextMaster?> NextMasterAsync(CancellationToken cancellationToken) =>
        NextMaster.Of((await stored.GetAsync(cancellationToken)).GetValueOrDefault(names.NextMasterSecretParameter));

    /// <summary>Stores the master secret that is to replace the present one.</summary>
    public Task WriteNextMasterAsync(NextMaster next, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(next);
        return WriteAsync(names.NextMasterSecretParameter, next.Stored, cancellationToken);
    }

    /// <summary>Forgets it: it has replaced the present one.</summary>
    public async Task DeleteNextMasterAsync(CancellationToken cancellationToken)
    {
        await clients.Ssm.DeleteParametersAsync(new DeleteParametersRequest { Names = [names.NextMasterSecretParameter] }, cancellationToken);
        (await stored.GetAsync(cancellationToken)).Remove(names.NextMasterSecretParameter);
        progress.Changed($"secret {names.NextMasterSecretParameter} deleted");
    }

    private static string NewPassword() => RandomNumberGenerator.GetString(PasswordAlphabet, 32);

    private async Task<Secret> GetOrCreateAsync(string name, Func<string> make, CancellationToken cancellationToken)
    {
        var known = await stored.GetAsync(cancellationToken);
        if (known.TryGetValue(name, out var secret)) return secret;

        var made = make();
        if (!await TryMakeAsync(name, made, cancellationToken))
        {
            // Another run was first, and its value counts; or ours was stored and the answer lost.
            return (await stored.RefreshAsync(cancellationToken)).GetValueOrDefault(name)
                ?? throw new PipelineException(
                    ErrorCode.AwsRefused, $"The parameter {name} exists, says AWS, and can't be read.", hint: "Run the same command again in a minute.");
        }

        progress.Changed($"secret {name} made");
        return known[name] = new Secret(made);
    }

    private async Task<bool> TryMakeAsync(string name, string value, CancellationToken cancellationToken)
    {
        try
        {
            await clients.Ssm.PutParameterAsync(
                new PutParameterRequest
                {
                    Name = name,
                    Value = value,
                    Type = ParameterType.SecureString,
                    Overwrite = false,
                    Tags = ResourceTags.Of(names.Cluster, "secret").ToSsm(),
                },
                cancellationToken);
            return true;
        }
        catch (ParameterAlreadyExistsException)
        {
            return false;
        }
    }

    private async Task<Dictionary<string, Secret>> ReadAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Secret>(StringComparer.Ordinal);
        foreach (var chunk in Names.Append(names.NextMasterSecretParameter).Chunk(NamesPerCall))
        {
            var answer = await clients.Ssm.GetParametersAsync(new GetParametersRequest { Names = [.. chunk], WithDecryption = true }, cancellationToken);
            foreach (var parameter in answer.Parameters ?? []) found[parameter.Name] = new Secret(parameter.Value);
        }

        return found;
    }
}
