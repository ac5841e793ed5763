using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Rotation;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.TokenServers;

/// <summary>
/// The token servers' database, tables and account on a dbnode: made with the dbnode's master credentials, by a one-off admin instance of the token server's
/// image. Its configuration names a database only once that was made, and so says that it was.
/// </summary>
public sealed class TokenServerDatabase(
    EnvironmentSettings settings, ClusterNames names, TokenServerConfiguration configuration, TokenConfigStore store, SecretStore secrets, TokenServerBuild bundles, TokenServerParts parts,
    ApplicationAccounts accounts, UserNumbers numbers, RemoteCommands remote, IProgress progress)
{
    private string Name => $"database {settings.TokenServer!.Database} on {settings.TokenServerNode!.Name}";

    /// <summary>What has to be made.</summary>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        if (settings.TokenServer is null || await IsMadeAsync(cancellationToken)) return [];
        return [new PlannedChange(ChangeKind.Create, Name, "with tables and an account of its own, by an admin instance")];
    }

    /// <summary>Makes what is missing.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DatabaseFailed"/>, with the command's own error.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await secrets.TokenServerPasswordAsync(cancellationToken);
        await secrets.MetricsSecretAsync(cancellationToken);
        if (await IsMadeAsync(cancellationToken)) return;
        var wanted = (await configuration.DesiredAsync(cancellationToken))?.Database ?? throw new PipelineException(
            ErrorCode.DatabaseFailed, $"The webheads' configuration has no dbnode {settings.TokenServerNode!.Name}, where the token server's database is to be.", hint: "./build.sh --target=Publish-Config");
        var bundle = bundles.Load();
        var image = await parts.Images.RequireAsync(bundle, cancellationToken);
        await parts.Admin.RunAsync("init-db", image.ImageId, bundle.Release, instance => InitializeAsync(wanted, instance, usedUpTo: null, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Gives one that was restored the account and password that the cluster has now, and has it skip the numbers that users were given since: on other dbnodes there is what
    /// those have stored. Before it is in service, so that no number is given meanwhile. Where none was deployed, does nothing.
    /// </summary>
    /// <param name="address">Where the dbnode will be.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DatabaseFailed"/>, with the command's own error.</exception>
    public async Task RestoreAsync(string address, CancellationToken cancellationToken)
    {
        if (settings.TokenServer is null || await store.CurrentAsync(cancellationToken) is not { } current) return;
        var images = ImageCatalog.Of(ServiceRole.TokenServer, await parts.Observation.Images.GetAsync(cancellationToken));
        if (Releases.Serving(images, await parts.Fleet.WebheadsAsync(cancellationToken)) is not { } image) return;
        await parts.Admin.RunAsync("init-db", image.ImageId, image.TagOf(ImageCatalog.VerifiedTag)!, async instance =>
        {
            var database = current.Database with { Address = address };
            await InitializeAsync(database, instance, await numbers.BegunAtAsync(cancellationToken), cancellationToken);
            var idle = names.IdleTokenServerAccount(database.Account);
            await accounts.LockRestoredAsync(settings.TokenServerNode!, idle, instance, ServiceRole.TokenServer, (address, database.Port), cancellationToken);
        }, cancellationToken);
    }

    private async Task InitializeAsync(TokenConfigDatabase wanted, string instance, long? usedUpTo, CancellationToken cancellationToken)
    {
        var command = TokenServerAdmin.InitDatabase(settings.TokenServerNode!.Name, wanted, names.FirstTokenServerAccount, usedUpTo);
        var result = (await remote.RunAsync([instance], command, cancellationToken))[0];
        if (!result.Succeeded && usedUpTo is not null && result.Reason.Contains("unknown option", StringComparison.Ordinal))
        {
            progress.Notice($"{Name}: this release of the token server can't skip the numbers that users were given since that time; who comes now may get one of them");
            await InitializeAsync(wanted, instance, usedUpTo: null, cancellationToken);
            return;
        }

        if (!result.Succeeded)
            throw new PipelineException(
                ErrorCode.DatabaseFailed, $"The token server's {Name} could not be made (by {instance}).", lastSeen: result.Reason, hint: "Run again once the cause is mended.");
        progress.Changed($"{Name}, with account {wanted.User}");
        if ((long?)result.Answer?["nextUser"] is not { } next) return;
        await numbers.BeginAtAsync(next, cancellationToken);
        progress.Changed($"{Name}: the next user gets number {next}, beyond all that may have been given since");
    }

    private async Task<bool> IsMadeAsync(CancellationToken cancellationToken) =>
        (await store.CurrentAsync(cancellationToken))?.Database is { } made && made == (await configuration.DesiredAsync(cancellationToken))?.Database;
}
