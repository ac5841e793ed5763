using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
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
    /// <exception cref="PipelineException"><see cref="ErrorCode.RotationStopped"/>, or what has failed; running again goes on there.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (settings.TokenServer is null || await store.CurrentAsync(cancellationToken) is not { } current) return;
        var rotation = await BeginAsync(current, cancellationToken);
        var (image, release) = await parts.Serving.RequireAsync(cancellationToken);
        await parts.Admin.RunAsync("rotate", image, release, instance => TakeTurnsAsync(rotation, current, instance, cancellationToken), cancellationToken);
        await rotations.ChangeAsync(document => document with { TokenServerPassword = null }, cancellationToken);
        progress.Changed("the password of the token server's account is rotated");
    }

    /// <summary>The rotation that begins with a configuration.</summary>
    internal static TokenServerPasswordRotation Begin(TokenConfigDocument current, ClusterNames names, DateTimeOffset now)
    {
        var used = current.Database.Account;
        return new(now, used, names.IdleTokenServerAccount(used));
    }

    private async Task<TokenServerPasswordRotation> BeginAsync(TokenConfigDocument current, CancellationToken cancellationToken)
    {
        if ((await rotations.ReadAsync(cancellationToken)).TokenServerPassword is { } unfinished) return unfinished;
        var begun = Begin(current, names, time.GetUtcNow());
        await rotations.ChangeAsync(document => document with { TokenServerPassword = begun }, cancellationToken);
        return begun;
    }

    private async Task TakeTurnsAsync(TokenServerPasswordRotation rotation, TokenConfigDocument current, string instance, CancellationToken cancellationToken)
    {
        if (current.Database.Account != rotation.To)
        {
            var turned = current.Database with { User = rotation.To.User, PasswordParameter = rotation.To.PasswordParameter };
            await MakeAsync(turned, instance, cancellationToken);
            current = await store.PublishAsync(current with { Database = turned }, cancellationToken);
            progress.Changed($"token server's configuration version {current.Version}: its database is used as {turned.User}");
        }

        // Whoever has published: one that does not have it still uses what is about to be locked.
        await parts.Push.RunAsync(current.Version, cancellationToken);
        await accounts.RetireAsync(
            settings.TokenServerNode!, rotation.From, instance, ServiceRole.TokenServer,
            async token => await parts.Push.NudgeAsync(await parts.Fleet.RunningAsync(token), current.Version, token), cancellationToken);
    }

    // Also where an earlier run has made it: nobody uses it before it is published.
    private async Task MakeAsync(TokenConfigDatabase database, string instance, CancellationToken cancellationToken)
    {
        await secrets.RenewPasswordAsync(database.PasswordParameter, cancellationToken);
        var result = (await remote.RunAsync([instance], TokenServerAdmin.InitDatabase(settings.TokenServerNode!.Name, database, names.FirstTokenServerAccount), cancellationToken))[0];
        if (!result.Succeeded)
            throw new PipelineException(
                ErrorCode.DatabaseFailed, $"The token server's account {database.User} could not be made (by {instance}).", lastSeen: result.Reason,
                hint: $"It serves with the account that it has. Mend the cause, and run {DatabasePasswordStage.Target} again.");
        progress.Changed($"the token server's account {database.User} has a new password");
    }
}
