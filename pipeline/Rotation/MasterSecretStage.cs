using System.Globalization;
using System.Security.Cryptography;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline.Rotation;

/// <summary>
/// Rotate-Master-Secret: a new master secret, and with it new secrets of all virtual hostnames. Webheads accept the new beside the old before anybody signs
/// with it, and the old until the last token that was signed with it has expired. The cluster's own token server is told with them, each time after them; one
/// outside is the operator's to tell.
/// </summary>
public sealed class MasterSecretStage(
    EnvironmentSettings settings, ClusterNames names, RunOptions options, SecretStore secrets, ConfigStore configuration, ConfigPush push, TokenServerConfiguration tokenServers,
    RotationStore rotations, DeploymentJournal journal, Waiter waiter, TimeProvider time, IProgress progress)
{
    /// <summary>The target's name.</summary>
    public const string Target = "Rotate-Master-Secret";

    /// <summary>What <c>--confirm</c> says of a token server outside of the cluster: it has the new secrets, or takes them by itself.</summary>
    public const string TokenServer = "token-server";

    // Also where the settings had tokens live longer until lately.
    private double LongestToken => Math.Max(settings.Rotation.LongestTokenSeconds, settings.TokenServer?.TokenSeconds ?? 0);

    /// <summary>Begins a rotation, or goes on with one as far as it can: to where a token server has to be given the secrets, where tokens have to expire, or to the end.</summary>
    /// <returns>Whether it is finished.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var rotation = await BeginAsync(cancellationToken);
        if (rotation.Step == MasterSecretStep.Make)
        {
            await secrets.WriteNextMasterAsync(new NextMaster(rotation.Timestamp, new Secret(RandomNumberGenerator.GetHexString(64, lowercase: true))), cancellationToken);
            rotation = await AtAsync(rotation with { Step = MasterSecretStep.Pin }, cancellationToken);
        }

        if (rotation.Step == MasterSecretStep.Pin)
        {
            // Who signs looks for new secrets by itself, and must not find one that is not accepted yet.
            await PublishAsync(async (hostname, current) => current ?? SecretLists.Newest(await ListAsync(hostname, cancellationToken)), cancellationToken);
            rotation = await AtAsync(rotation with { Step = MasterSecretStep.Add }, cancellationToken);
        }

        if (rotation.Step == MasterSecretStep.Add)
        {
            await AddAsync(cancellationToken);
            rotation = await AtAsync(rotation with { Step = MasterSecretStep.Sign }, cancellationToken);
        }

        if (rotation.Step == MasterSecretStep.Sign)
        {
            if (settings.TokenServer is null && options.Confirm != TokenServer) return Pause();
            await PublishAsync((_, _) => Task.FromResult<string?>(Text(rotation.Timestamp)), cancellationToken);
            rotation = await AtAsync(rotation with { Step = MasterSecretStep.Expire, SignedSince = time.GetUtcNow() }, cancellationToken);
        }

        if (rotation.Step == MasterSecretStep.Expire)
        {
            if (!await AreExpiredAsync(rotation, cancellationToken)) return false;
            rotation = await AtAsync(rotation with { Step = MasterSecretStep.Remove }, cancellationToken);
        }

        await RemoveAsync(rotation, cancellationToken);
        await rotations.ChangeAsync(
            document => document with { MasterSecret = null, Finished = new Dictionary<string, DateTimeOffset>(document.Finished) { [Target] = time.GetUtcNow() } }, cancellationToken);
        progress.Changed($"the master secret and the secrets of {settings.Hosts.Count()} virtual hostnames are rotated");
        return true;
    }

    private async Task AddAsync(CancellationToken cancellationToken)
    {
        var next = await RequireNextAsync(cancellationToken);
        foreach (var hostname in settings.Hosts.Select(host => host.Hostname))
        {
            var list = await ListAsync(hostname, cancellationToken);
            var with = SecretLists.With(list, hostname, next);
            if (with != list) await secrets.WriteAsync(names.HostSecretParameter(hostname), new Secret(with), cancellationToken);
        }

        // A version of its own: who reports it has read the secrets with it.
        await PublishAsync((_, current) => Task.FromResult(current), cancellationToken);
        progress.Found("every webhead in service accepts the new secrets beside the old");
    }

    private bool Pause()
    {
        progress.Notice(
            $"webheads accept tokens of both secrets. Now give the token server the new ones: of each virtual hostname, the last entry of {names.HostSecretParameter("<hostname>")} "
            + $"(or, to derive them itself, {names.NextMasterSecretParameter}, beside the master that it has). Then: ./build.sh --target={options.Target} --confirm={TokenServer}");
        return false;
    }

    private async Task<bool> AreExpiredAsync(MasterSecretRotation rotation, CancellationToken cancellationToken)
    {
        var due = rotation.SignedSince + TimeSpan.FromSeconds(LongestToken);
        if (due > time.GetUtcNow() && options.Wait)
        {
            await waiter.UntilAsync($"tokens of the old secrets to expire, until {due:HH:mm:ss} UTC", settings.Waits.Pace(LongestToken + 60), _ =>
                Task.FromResult(due <= time.GetUtcNow() ? Poll.Done(true) : Poll.NotYet<bool>("they are good still")), cancellationToken);
        }

        if (due <= time.GetUtcNow()) return true;
        progress.Notice($"the new secrets sign. Tokens of the old ones are good until {due:yyyy-MM-dd HH:mm:ss} UTC: run ./build.sh --target={options.Target} again then (or now, with --wait)");
        return false;
    }

    private async Task RemoveAsync(MasterSecretRotation rotation, CancellationToken cancellationToken)
    {
        // Null where an earlier run had come to the very end.
        var next = await secrets.NextMasterAsync(cancellationToken);
        foreach (var hostname in settings.Hosts.Select(host => host.Hostname))
        {
            var list = await ListAsync(hostname, cancellationToken);
            var only = SecretLists.Only(list, rotation.Timestamp);
            if (only != list) await secrets.WriteAsync(names.HostSecretParameter(hostname), new Secret(only), cancellationToken);
        }

        await PublishAsync((_, _) => Task.FromResult<string?>(null), cancellationToken);
        if (next is null) return;
        await secrets.WriteAsync(names.MasterSecretParameter, next.Secret, cancellationToken);
        await secrets.DeleteNextMasterAsync(cancellationToken);
    }

    /// <summary>Publishes which secret of each virtual hostname signs, as a new version in any case, and waits until webheads have it.</summary>
    private async Task PublishAsync(Func<string, string?, Task<string?>> signWith, CancellationToken cancellationToken)
    {
        var current = await configuration.RequireAsync(cancellationToken);
        var nodes = new List<ConfigNode>();
        foreach (var node in current.Nodes)
        {
            var hosts = new List<ConfigHost>();
            foreach (var host in node.Hosts) hosts.Add(host with { SignWith = await signWith(host.Hostname, host.SignWith) });
            nodes.Add(node with { Hosts = hosts });
        }

        var published = await configuration.PublishAsync(current with { Nodes = nodes }, cancellationToken);
        progress.Changed($"configuration version {published.Version}");
        await push.RunAsync(published.Version, cancellationToken);
        await tokenServers.FollowAsync(cancellationToken);
    }

    private async Task<MasterSecretRotation> BeginAsync(CancellationToken cancellationToken)
    {
        if ((await rotations.ReadAsync(cancellationToken)).MasterSecret is { } unfinished)
        {
            progress.Notice($"going on with the rotation of {unfinished.StartedAt:yyyy-MM-dd HH:mm:ss} UTC, at {unfinished.Step}");
            return await AtAsync(unfinished, cancellationToken);
        }

        await configuration.RequireAsync(cancellationToken);
        var newest = new List<long>();
        foreach (var host in settings.Hosts) newest.Add(long.Parse(SecretLists.Newest(await ListAsync(host.Hostname, cancellationToken)), CultureInfo.InvariantCulture));

        // Later than all that there is, by two: a hostname that is added meanwhile gets the old secret one second before it.
        var timestamp = Math.Max(time.GetUtcNow().ToUnixTimeSeconds(), newest.DefaultIfEmpty().Max() + 2);
        return await AtAsync(new MasterSecretRotation(time.GetUtcNow(), MasterSecretStep.Make, timestamp), cancellationToken);
    }

    private async Task<MasterSecretRotation> AtAsync(MasterSecretRotation rotation, CancellationToken cancellationToken)
    {
        await rotations.ChangeAsync(document => document with { MasterSecret = rotation }, cancellationToken);
        await journal.StepAsync($"{Target}, {rotation.Step}", cancellationToken);
        return rotation;
    }

    private async Task<string> ListAsync(string hostname, CancellationToken cancellationToken) => (await secrets.HostSecretsAsync(hostname, cancellationToken)).Reveal();

    private async Task<NextMaster> RequireNextAsync(CancellationToken cancellationToken) =>
        await secrets.NextMasterAsync(cancellationToken)
        ?? throw new PipelineException(
            ErrorCode.RotationStopped, $"{names.NextMasterSecretParameter} is gone, or holds no secret: the rotation can't go on with it.",
            hint: $"Put it back (aws ssm get-parameter-history), or delete {RotationStore.Key} in the bucket and rotate anew.");

    private static string Text(long timestamp) => timestamp.ToString(CultureInfo.InvariantCulture);
}
