using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Rotation;

/// <summary>Makes and locks application accounts, by an admin instance.</summary>
public sealed class ApplicationAccounts(EnvironmentSettings settings, ClusterNames names, DatabaseServers servers, RemoteCommands remote, Waiter waiter, IProgress progress)
{
    /// <summary>A webhead that was too busy for the nudge looks by itself in half a minute, and closes what it does not use a minute after.</summary>
    private const double LeastPatienceSeconds = 180;

    /// <summary>Makes an account with the password that is stored, and its rights; one that is there gets them.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DatabaseFailed"/>, with the command's own error.</exception>
    public async Task MakeAsync(DatabaseNodeSettings node, DatabaseAccount account, string instance, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        var (address, port) = await servers.EndpointAsync(node, cancellationToken);
        var command = WebheadAdmin.InitDatabase(node, address, port, account, names.FirstAccount(node.Name));

        // AWS changes a master password when it gets to it.
        var result = await waiter.UntilAsync($"database {names.Database(node)} to let the master account in", settings.Waits.Pace(settings.Waits.DataStoreSeconds), async token =>
        {
            var answer = (await remote.RunAsync([instance], command, token))[0];
            return answer.Succeeded || !answer.Reason.Contains("Access denied", StringComparison.Ordinal) ? Poll.Done(answer) : Poll.NotYet<RemoteResult>(answer.Reason);
        }, cancellationToken);
        if (!result.Succeeded)
            throw new PipelineException(
                ErrorCode.DatabaseFailed, $"The account {account.User} of the database {names.Database(node)} could not be made (by {instance}).", lastSeen: result.Reason,
                hint: $"The webheads serve with the account that they have. Mend the cause, and run {DatabasePasswordStage.Target} again; a release that does not know a second account has to be deployed first.");
        progress.Changed($"database {names.Database(node)}: account {account.User} has a new password");
    }

    /// <summary>Locks an account once it has no connection any more.</summary>
    /// <param name="node">The dbnode.</param>
    /// <param name="account">The account.</param>
    /// <param name="instance">The admin instance.</param>
    /// <param name="role">Whose account it is, and whose image the admin instance has.</param>
    /// <param name="nudge">Has those that serve close what they do not use any more; asked for before each look.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.AccountInUse"/>, naming who uses it.</exception>
    public async Task RetireAsync(DatabaseNodeSettings node, DatabaseAccount account, string instance, ServiceRole role, Func<CancellationToken, Task> nudge, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(role);
        ArgumentNullException.ThrowIfNull(nudge);
        var command = await RetireCommandAsync(node, account, role, at: null, cancellationToken);
        try
        {
            await waiter.UntilAsync(
                $"nobody to use {account.User} on {names.Database(node)}", settings.Waits.Pace(Math.Max(LeastPatienceSeconds, settings.Waits.CommandSeconds)), async token =>
                {
                    await nudge(token);
                    var answer = (await remote.RunAsync([instance], command, token))[0];
                    if (answer.Succeeded) return Poll.Done(true);
                    return answer.Answer?["connections"] is null ? throw Failed(node, account, answer) : Poll.NotYet<bool>(answer.Reason);
                }, cancellationToken);
        }
        catch (PipelineException late) when (late.Code == ErrorCode.TimedOut)
        {
            throw new PipelineException(
                ErrorCode.AccountInUse, $"The account {account.User} of the database {names.Database(node)} is in use still, and is not locked.", lastSeen: late.LastSeen,
                hint: $"Every {role.Noun} in service has the other account. End what is said to use it (./build.sh --target=Heal replaces a {role.Noun}), and run {DatabasePasswordStage.Target} again.", inner: late);
        }

        progress.Changed($"database {names.Database(node)}: account {account.User} is locked");
    }

    /// <summary>
    /// Locks the account that nobody uses on a dbnode that was restored: it came back with the password of then, which may have been rotated away because somebody knew it.
    /// Whatever goes wrong with that keeps no database from coming back.
    /// </summary>
    /// <param name="node">The dbnode.</param>
    /// <param name="account">The account; one that is not there is no error.</param>
    /// <param name="instance">The admin instance.</param>
    /// <param name="role">Whose account it is, and whose image the admin instance has.</param>
    /// <param name="at">Where the database is, if it has not taken its place yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task LockRestoredAsync(DatabaseNodeSettings node, DatabaseAccount account, string instance, ServiceRole role, (string Address, int Port)? at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(role);
        var answer = (await remote.RunAsync([instance], await RetireCommandAsync(node, account, role, at, cancellationToken), cancellationToken))[0];
        if (!answer.Succeeded)
            progress.Notice($"database {names.Database(node)}: the account {account.User} is not locked, and may have the password of then ({answer.Reason}): {DatabasePasswordStage.Target} gives it another");
    }

    private async Task<string> RetireCommandAsync(DatabaseNodeSettings node, DatabaseAccount account, ServiceRole role, (string Address, int Port)? at, CancellationToken cancellationToken)
    {
        var (address, port) = at ?? await servers.EndpointAsync(node, cancellationToken);
        return role.RetireAccountCommand(node.Name, address, port, account.User);
    }

    private PipelineException Failed(DatabaseNodeSettings node, DatabaseAccount account, RemoteResult answer) => new(
        ErrorCode.DatabaseFailed, $"The account {account.User} of the database {names.Database(node)} could not be locked (by {answer.InstanceId}).", lastSeen: answer.Reason,
        hint: $"All that serve have the other account. Mend the cause, and run {DatabasePasswordStage.Target} again.");
}
