using Amazon.RDS.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Remote;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Database;

/// <summary>
/// Makes databases, application account and tables on dbnodes that lack them: with the master credentials, on a one-off admin
/// instance of the new image, never on a serving webhead.
/// </summary>
public sealed class DatabaseInitialization(
    IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, SecretStore secrets, WebheadBuild bundles, ImageCatalog catalog,
    ClusterBucket bucket, AwsConnection connection, InstanceLauncher launcher, RemoteCommands remote, Cleanup cleanup, IProgress progress)
{
    /// <summary>The dbnodes that have to be initialized: their tag says what was made.</summary>
    public async Task<IReadOnlyList<DatabaseNodeSettings>> PendingAsync(CancellationToken cancellationToken)
    {
        var databases = await observation.Databases.GetAsync(cancellationToken);
        return [.. settings.Dbnodes.Where(node =>
            databases.GetValueOrDefault(names.Database(node)) is not { } database
            || DatabasePlan.TagsOf(database).GetValueOrDefault(DatabasePlan.InitializedTag) != DatabasePlan.InitializedKey(node, names.ApplicationUser))];
    }

    /// <summary>Initializes those that need it.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DatabaseFailed"/>, with the command's own error.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pending = await PendingAsync(cancellationToken);
        if (pending.Count == 0) return;

        foreach (var node in settings.Dbnodes) await secrets.ApplicationPasswordAsync(node.Name, cancellationToken);
        string? admin = null;
        await cleanup.AfterAsync(
            async () =>
            {
                await launcher.TerminateLeftoversAsync("admin", cancellationToken);
                admin = await LaunchAsync(cancellationToken);
                await launcher.WaitRunningAsync([admin], cancellationToken);
                await remote.WaitOnlineAsync([admin], cancellationToken);
                foreach (var node in pending) await InitializeAsync(node, admin, cancellationToken);
                return true;
            },
            token => admin is null ? Task.CompletedTask : launcher.TerminateAsync([admin], token),
            cancellationToken);
    }

    private async Task<string> LaunchAsync(CancellationToken cancellationToken)
    {
        var bundle = bundles.Load();
        var image = await catalog.RequireAsync(bundle, cancellationToken);
        return await launcher.LaunchOneAsync(
            new LaunchRequest(
                "init-db", "admin", image.ImageId, settings.Webheads.InstanceType, await observation.GroupIdAsync(names.WebGroup, cancellationToken),
                settings.AdminProfile, WebheadUserData.Admin(settings, bucket.Name, connection.Target),
                new Dictionary<string, string> { ["Release"] = bundle.Release }),
            cancellationToken);
    }

    private async Task InitializeAsync(DatabaseNodeSettings node, string admin, CancellationToken cancellationToken)
    {
        var database = (await observation.Databases.GetAsync(cancellationToken))[names.Database(node)];
        var command = WebheadAdmin.InitDatabase(node, database.Endpoint.Address, database.Endpoint.Port ?? 3306, names.ApplicationUser);
        var result = (await remote.RunAsync([admin], command, cancellationToken))[0];
        if (!result.Succeeded)
            throw new PipelineException(
                ErrorCode.DatabaseFailed, $"The database {database.DBInstanceIdentifier} could not be initialized (by {admin}).", lastSeen: result.Reason,
                hint: "It runs, but has not all of its databases and its account; run again once the cause is mended.");

        await clients.Rds.AddTagsToResourceAsync(
            new AddTagsToResourceRequest
            {
                ResourceName = database.DBInstanceArn,
                Tags = [new Tag { Key = DatabasePlan.InitializedTag, Value = DatabasePlan.InitializedKey(node, names.ApplicationUser) }],
            },
            cancellationToken);
        observation.Databases.Forget();
        progress.Changed($"database {database.DBInstanceIdentifier}: {string.Join(", ", node.Hosts.Select(host => host.Database))} and account {names.ApplicationUser}");
    }
}
