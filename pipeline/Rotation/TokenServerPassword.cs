using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Pipeline.Rotation;

/// <summary>
/// The part of Rotate-Database-Password that is the token servers': they go over to the second of two accounts of their own, and the one that they have left is locked
/// once nobody uses it.
/// </summary>
public sealed class TokenServerPassword(
    EnvironmentSettings settings, ClusterNames names, SecretStore secrets, TokenConfigStore store, TokenServerParts parts, ApplicationAccounts accounts, RotationStore rotations,
    RemoteCommands remote, TimeProvider time, IProgress progress)
{
    /// <summary>Rotates, or finishes what an earlier run has begun; where no token server is deployed, does nothing.</summary>
    /// <param name="admin">An admin instance of the webheads' image, which can lock accounts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RotationStopped"/>, or what has failed; running again goes on there.</exception>
    public async Task RunAsync(string admin, CancellationToken cancellationToken)
    {
        if (settings.TokenServer is null || await store.CurrentAsync(cancellationToken) is not { } current) return;
        var rotation = await BeginAsync(current, cancellationToken);
        if (current.Database.Account != rotation.To)
        {
            await MakeAsync(current.Database with { User = rotation.To.User, PasswordParameter = rotation.To.PasswordParameter }, cancellationToken);
            current = await store.PublishAsync(
                current with { Database = current.Database with { User = rotation.To.User, PasswordParameter = rotation.To.PasswordParameter } }, cancellationToken);
            progress.Changed($"token server's configuration version {current.Version}: its database is used as {rotation.To.User}");
        }

        // Whoever has published: one that does not have it still uses what is about to be locked.
        await parts.Push.RunAsync(current.Version, cancellationToken);
        await accounts.RetireAsync(
            settings.TokenServerNode!, rotation.From, admin,
            async token => await parts.Push.NudgeAsync(await parts.Fleet.RunningAsync(token), current.Version, token), cancellationToken);
        await rotations.ChangeAsync(document => document with { TokenServerPassword = null }, cancellationToken);
        progress.Changed("the password of the token server's account is rotated");
    }

    /// <summary>The rotation that begins with a configuration.</summary>
    internal static TokenServerPasswordRotation Begin(TokenConfigDocument current, ClusterNames names, DateTimeOffset now)
    {
        var used = current.Database.Account;
        return new(now, used, used == names.FirstTokenServerAccount ? names.SecondTokenServerAccount : names.FirstTokenServerAccount);
    }

    private async Task<TokenServerPasswordRotation> BeginAsync(TokenConfigDocument current, CancellationToken cancellationToken)
    {
        if ((await rotations.ReadAsync(cancellationToken)).TokenServerPassword is { } unfinished) return unfinished;
        var begun = Begin(current, names, time.GetUtcNow());
        await rotations.ChangeAsync(document => document with { TokenServerPassword = begun }, cancellationToken);
        return begun;
    }

    // Also where an earlier run has made it: nobody uses it before it is published.
    private async Task MakeAsync(TokenConfigDatabase database, CancellationToken cancellationToken)
    {
        await secrets.RenewPasswordAsync(database.PasswordParameter, cancellationToken);
        var release = FleetHealth.ReleaseOf(await parts.Fleet.WebheadsAsync(cancellationToken))
            ?? throw new PipelineException(ErrorCode.RotationStopped, "There is no token server: which image an admin instance is to have is not known.", hint: "./build.sh --target=Deploy");
        var image = Releases.Choose(await parts.Observation.Images.GetAsync(cancellationToken), [], current: null, release).ImageId;
        var command = TokenServerAdmin.InitDatabase(settings.TokenServerNode!.Name, database, names.FirstTokenServerAccount);
        await parts.Admin.RunAsync("rotate", image, release, async instance =>
        {
            var result = (await remote.RunAsync([instance], command, cancellationToken))[0];
            if (!result.Succeeded)
                throw new PipelineException(
                    ErrorCode.DatabaseFailed, $"The token server's account {database.User} could not be made (by {instance}).", lastSeen: result.Reason,
                    hint: $"It serves with the account that it has. Mend the cause, and run {DatabasePasswordStage.Target} again.");
        }, cancellationToken);
        progress.Changed($"the token server's account {database.User} has a new password");
    }
}
