using Amazon.RDS.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.DatabaseInstances;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Rotation;

/// <summary>Gives databases the master passwords that are stored. Only admin instances use them: serving is not touched.</summary>
public sealed class MasterPasswords(
    IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, SecretStore secrets, DatabaseNodes nodes, DatabaseInstanceStage instances, RemoteCommands remote, Waiter waiter, IProgress progress)
{
    /// <summary>Asks for it, and waits until nothing is pending. AWS may take some seconds more until the password is the new one.</summary>
    public async Task SetAsync(IReadOnlyList<DatabaseNodeSettings> dbnodes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dbnodes);
        foreach (var node in dbnodes.Where(node => node.IsOnEc2)) await SetByItselfAsync(node, cancellationToken);
        dbnodes = [.. dbnodes.Where(node => !node.IsOnEc2)];
        if (dbnodes.Count == 0) return;
        foreach (var node in dbnodes)
        {
            var request = new ModifyDBInstanceRequest
            {
                DBInstanceIdentifier = names.Database(node),
                MasterUserPassword = (await secrets.MasterPasswordAsync(node.Name, cancellationToken)).Reveal(),
                ApplyImmediately = true,
            };

            // One that is being modified, by this rotation's run before, can't be modified yet.
            await waiter.OncePossibleAsync(
                $"database {request.DBInstanceIdentifier} to take a master password", settings.Waits.Pace(settings.Waits.DataStoreSeconds),
                token => clients.Rds.ModifyDBInstanceAsync(request, token), cancellationToken);
            progress.Changed($"database {request.DBInstanceIdentifier}: a new master password");
        }

        List<string> wanted = [.. dbnodes.Select(names.Database)];
        await waiter.UntilAsync($"databases {string.Join(", ", wanted)} to have their master passwords", settings.Waits.Pace(settings.Waits.DataStoreSeconds), async token =>
        {
            var databases = await observation.Databases.RefreshAsync(token);
            var pending = wanted.FindAll(name => databases.GetValueOrDefault(name)?.PendingModifiedValues?.MasterUserPassword is not null);
            return pending.Count == 0 ? Poll.Done(true) : Poll.NotYet<bool>($"pending: {string.Join(", ", pending)}");
        }, cancellationToken);
        await nodes.WaitAvailableAsync(cancellationToken);
    }

    // One on EC2 reads it where it is stored: it never is in a command.
    private async Task SetByItselfAsync(DatabaseNodeSettings node, CancellationToken cancellationToken)
    {
        var name = names.Database(node);
        if ((await instances.ObserveAsync(node, cancellationToken)).Instance is not { } instance)
            throw new PipelineException(ErrorCode.DatabaseFailed, $"The database {name} has no instance that could take a master password.", hint: "./build.sh --target=Ensure-DB");
        (await remote.RunAsync([instance.InstanceId], DatabaseNodeAdmin.SetMaster, cancellationToken))[0].Require($"Setting the master password of {name}");
        progress.Changed($"database {name}: a new master password");
    }
}
