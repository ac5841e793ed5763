using Amazon.RDS.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.DatabaseInstances;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rotation;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Database;

/// <summary>
/// Makes databases, application account and tables on dbnodes that lack them: with the master credentials, on a one-off admin
/// instance of the new image, never on a serving webhead.
/// </summary>
public sealed class DatabaseInitialization(
    IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, DatabaseServers servers, SecretStore secrets, ConfigStore configuration, WebheadBuild bundles,
    ImageCatalog catalog, AdminInstance admin, ApplicationAccounts accounts, RemoteCommands remote, IProgress progress)
{
    /// <summary>The dbnodes that have to be initialized: their tag says what was made.</summary>
    public async Task<IReadOnlyList<DatabaseNodeSettings>> PendingAsync(CancellationToken cancellationToken)
    {
        var known = await servers.GetAsync(cancellationToken);
        return [.. settings.Dbnodes.Where(node => known.GetValueOrDefault(names.Database(node))?.Initialized != DatabasePlan.InitializedKey(node, names.ApplicationUser))];
    }

    /// <summary>Initializes those that need it, once all are available. An instance that it takes boots while they come up.</summary>
    /// <param name="areNew">Whether all were made by this run: then nothing is in any of them.</param>
    /// <param name="availableAsync">Waits until all are available, and as the settings say.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DatabaseFailed"/>, with the command's own error.</exception>
    public async Task RunAsync(bool areNew, Func<Task> availableAsync, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(availableAsync);
        var pending = areNew ? settings.Dbnodes : await PendingAsync(cancellationToken);
        if (pending.Count == 0)
        {
            await availableAsync();
            return;
        }

        foreach (var node in settings.Dbnodes) await secrets.ApplicationPasswordAsync(node.Name, cancellationToken);
        var bundle = bundles.Load();
        var image = await catalog.RequireAsync(bundle, cancellationToken);
        await admin.RunAsync("init-db", image.ImageId, bundle.Release, async instance =>
        {
            await availableAsync();
            await InitializeAsync(pending, instance, cancellationToken);
        }, cancellationToken);
    }

    /// <summary>
    /// Gives a dbnode that was restored the databases, accounts and passwords that the cluster has now: those of the time that it went back to may be others. Until
    /// then it is one that was never initialized. The other account of the two is locked.
    /// </summary>
    /// <param name="node">The dbnode.</param>
    /// <param name="imageId">The webheads' image.</param>
    /// <param name="release">Its release.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DatabaseFailed"/>, with the command's own error.</exception>
    public Task RestoreAsync(DatabaseNodeSettings node, string imageId, string release, CancellationToken cancellationToken) =>
        admin.RunAsync("restore-db", imageId, release, async instance =>
        {
            await InitializeAsync([node], instance, cancellationToken);
            var idle = DatabaseAccount.Idle(await configuration.CurrentAsync(cancellationToken), names, node.Name);
            await accounts.LockRestoredAsync(node, idle, instance, ServiceRole.Webhead, at: null, cancellationToken);
        }, cancellationToken);

    // All at once: none has anything to do with the others. What was made is noted, whatever became of the others.
    private async Task InitializeAsync(IReadOnlyList<DatabaseNodeSettings> nodes, string instance, CancellationToken cancellationToken)
    {
        var results = await Task.WhenAll(nodes.Select(node => TryInitializeAsync(node, instance, cancellationToken)));
        foreach (var (node, (account, result)) in nodes.Zip(results).Where(pair => pair.Second.Result.Succeeded))
        {
            await NoteAsync(node, DatabasePlan.InitializedKey(node, names.ApplicationUser), cancellationToken);
            progress.Changed($"database {names.Database(node)}: {string.Join(", ", node.Hosts.Select(host => host.Database))} and account {account.User}");
        }

        if (nodes.Zip(results).Where(pair => !pair.Second.Result.Succeeded).ToList() is { Count: > 0 } failed)
            throw new PipelineException(
                ErrorCode.DatabaseFailed, $"The database {string.Join(", ", failed.Select(pair => names.Database(pair.First)))} could not be initialized (by {instance}).",
                lastSeen: string.Join('\n', failed.Select(pair => failed.Count == 1 ? pair.Second.Result.Reason : $"{names.Database(pair.First)}: {pair.Second.Result.Reason}")),
                hint: "It runs, but has not all of its databases and its account; run again once the cause is mended.");
    }

    private async Task<(DatabaseAccount Account, RemoteResult Result)> TryInitializeAsync(DatabaseNodeSettings node, string instance, CancellationToken cancellationToken)
    {
        var (address, port) = await servers.EndpointAsync(node, cancellationToken);

        // The account that the webheads have: the other one may be locked, and is given its rights when its turn comes.
        var account = DatabaseAccount.Current(await configuration.CurrentAsync(cancellationToken), names, node.Name);
        var command = WebheadAdmin.InitDatabase(node, address, port, account, names.FirstAccount(node.Name));
        try
        {
            return (account, (await remote.RunAsync([instance], command, cancellationToken))[0]);
        }
        catch (PipelineException late) when (late.Code == ErrorCode.TimedOut)
        {
            return (account, RemoteResult.Late(instance, late.Message));
        }
    }

    private async Task NoteAsync(DatabaseNodeSettings node, string key, CancellationToken cancellationToken)
    {
        if (node.IsOnEc2)
        {
            var volume = ObservedNode.Of(node.Name, await observation.Volumes.GetAsync(cancellationToken), []).Volume!;
            await clients.Ec2.CreateTagsAsync(
                new Amazon.EC2.Model.CreateTagsRequest { Resources = [volume.VolumeId], Tags = [new Amazon.EC2.Model.Tag(DatabasePlan.InitializedTag, key)] }, cancellationToken);
            observation.Volumes.Forget();
            return;
        }

        var database = (await observation.Databases.GetAsync(cancellationToken))[names.Database(node)];
        await clients.Rds.AddTagsToResourceAsync(
            new AddTagsToResourceRequest { ResourceName = database.DBInstanceArn, Tags = [new Tag { Key = DatabasePlan.InitializedTag, Value = key }] }, cancellationToken);

        // Nothing else of it has changed: it need not be read again.
        database.TagList = [.. (database.TagList ?? []).Where(tag => tag.Key != DatabasePlan.InitializedTag), new Tag { Key = DatabasePlan.InitializedTag, Value = key }];
    }
}
