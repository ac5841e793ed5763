using Amazon.RDS.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Removal;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Database;

/// <summary>The dbnodes on RDS: asked for, brought back to the settings, waited for.</summary>
public sealed class DatabaseNodes(
    IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, SecretStore secrets, RunOptions options, Waiter waiter,
    DatabaseRemoval removal, RemovalWaits removalWaits, IProgress progress)
{
    private const string Full = "storage-full";

    // In polls: three minutes at AWS's pace, where a new one takes from five to ten.
    private const int SoonestAfter = 60;

    private readonly HashSet<string> requested = [];
    private readonly HashSet<string> enlarged = [];
    private readonly HashSet<string> fresh = [];
    private long freshSince;

    /// <summary>The master account that RDS makes; only <c>init-db</c> uses it.</summary>
    public const string MasterUser = "syncadmin";

    /// <summary>The differences; reads only.</summary>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken)
    {
        var changes = new List<PlannedChange>();
        if (!settings.RdsNodes.Any()) return changes;
        var network = await observation.Network.GetAsync(cancellationToken);
        var resource = $"database subnet group {names.DatabaseSubnets}";
        if (await observation.DatabaseSubnets.GetAsync(cancellationToken) is not { } subnets)
            changes.Add(new PlannedChange(ChangeKind.Create, resource, $"over {network.Subnets.Count} zones"));
        else if (DifferenceOf(subnets, network) is { } difference)
            changes.Add(PlannedChange.Of(ChangeKind.Update, resource, difference));
        var databases = await observation.Databases.GetAsync(cancellationToken);
        var group = (await observation.SecurityGroups.GetAsync(cancellationToken)).FirstOrDefault(seen => seen.GroupName == names.DatabaseGroup);
        foreach (var node in settings.RdsNodes)
        {
            var name = names.Database(node);
            if (databases.GetValueOrDefault(name) is not { } database)
                changes.Add(new PlannedChange(
                    ChangeKind.Create, $"database {name}",
                    $"MySQL {node.EngineVersion}, {node.InstanceClass}, {node.StorageGiB} GiB, backups {node.BackupDays} days, standby {(node.MultiAz ? "yes" : "no")}, {node.Hosts.Count} virtual hostnames"));
            else if (DatabasePlan.IsStillborn(database))
                changes.Add(new PlannedChange(ChangeKind.Replace, $"database {name}", $"it failed before it held anything{Reason(database)}"));
            else
                changes.AddRange(Compare(node, database, group?.GroupId ?? names.DatabaseGroup)
                    .Select(difference => PlannedChange.Of(ChangeKind.Update, $"database {name}", difference.Value) with { Note = difference.Downtime ? $"downtime: wants --approve={names.Cluster}" : null }));
        }

        return changes;
    }

    /// <summary>
    /// Asks for what is missing and puts back what drifted, without waiting. A database that is not available can't be modified: it is
    /// left for the next request.
    /// </summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DowntimeNotApproved"/>.</exception>
    public async Task RequestAsync(CancellationToken cancellationToken)
    {
        if (!settings.RdsNodes.Any()) return;
        await EnsureSubnetGroupAsync(cancellationToken);
        var groupId = await observation.GroupIdAsync(names.DatabaseGroup, cancellationToken);
        var databases = await observation.Databases.GetAsync(cancellationToken);
        foreach (var node in settings.RdsNodes)
        {
            if (databases.GetValueOrDefault(names.Database(node)) is not { } database) await CreateAsync(node, groupId, cancellationToken);
            else if (DatabasePlan.IsStillborn(database) && !requested.Contains(database.DBInstanceIdentifier)) await ReplaceAsync(node, database, groupId, cancellationToken);
            else await ModifyAsync(node, database, groupId, cancellationToken);
        }
    }

    // One that this run asked for itself is not asked for again: it would fail for the same reason.
    private async Task ReplaceAsync(DatabaseNodeSettings node, DBInstance database, string groupId, CancellationToken cancellationToken)
    {
        var name = database.DBInstanceIdentifier;
        DatabasePlan.RequireOurs(database, names.Cluster);
        progress.Notice($"database {name} failed before it held anything{Reason(database)}: it is replaced");
        await removal.RequestAsync(database, cancellationToken);
        await removalWaits.GoneAsync($"database {name}", async token => (await observation.Databases.RefreshAsync(token)).GetValueOrDefault(name)?.DBInstanceStatus, cancellationToken);
        await CreateAsync(node, groupId, cancellationToken);
    }

    /// <summary>Whether this run has made all of them, as the settings say: until they are available there is nothing to compare, and nothing in them.</summary>
    public bool AreNew => settings.Dbnodes.All(node => fresh.Contains(names.Database(node)));

    /// <summary>Waits until every dbnode is available, with its address.</summary>
    public async Task WaitAvailableAsync(CancellationToken cancellationToken)
    {
        List<string> wanted = [.. settings.RdsNodes.Select(names.Database)];
        if (wanted.Count == 0) return;
        if ((observation.Databases.IsKnown || fresh.Count == 0) && AllAvailable(await observation.Databases.GetAsync(cancellationToken), wanted)) return;
        var pace = settings.Waits.Pace(settings.Waits.DataStoreSeconds);
        if (fresh.Count > 0) pace = waiter.NotBefore(pace, SoonestAfter, freshSince);
        try
        {
            await waiter.UntilAsync($"databases {string.Join(", ", wanted)} to be available", pace, async token =>
            {
                var databases = await observation.Databases.RefreshAsync(token);
                var broken = wanted.Select(databases.GetValueOrDefault).FirstOrDefault(database => database is not null && IsBroken(database));
                if (broken is { DBInstanceStatus: Full }) throw FullOf(broken);
                if (broken is not null) return Poll.Failed<bool>($"{broken.DBInstanceIdentifier} is {broken.DBInstanceStatus}{Reason(broken)}");
                return AllAvailable(databases, wanted)
                    ? Poll.Done(true)
                    : Poll.NotYet<bool>(string.Join(", ", wanted.Select(name => $"{name} {databases.GetValueOrDefault(name)?.DBInstanceStatus ?? "not known yet"}")));
            }, cancellationToken);
        }
        catch (PipelineException exception) when (exception.Code == ErrorCode.TerminalState)
        {
            throw new PipelineException(
                ErrorCode.DatabaseFailed, "A database got into a state that it does not come out of by itself.", lastSeen: exception.LastSeen,
                hint: "Mend the cause and run again: a database that failed before it held anything is replaced; another has to be restored from its backups.", inner: exception);
        }
    }

    private static bool AllAvailable(IReadOnlyDictionary<string, DBInstance> databases, List<string> wanted) =>
        wanted.TrueForAll(name => databases.GetValueOrDefault(name) is { DBInstanceStatus: "available", Endpoint.Address: not null });

    private bool IsBroken(DBInstance database) => database.DBInstanceStatus
        is "failed" or "deleting" or "incompatible-parameters" or "incompatible-network" or "incompatible-restore" or "inaccessible-encryption-credentials" or "stopped"
        || (database.DBInstanceStatus == Full && !enlarged.Contains(database.DBInstanceIdentifier));

    private PipelineException FullOf(DBInstance database)
    {
        var node = settings.Dbnodes.First(node => names.Database(node) == database.DBInstanceIdentifier);
        return new PipelineException(
            ErrorCode.StorageFull, $"The storage of {database.DBInstanceIdentifier} is full: what its users have can be read, and nothing more be written. The other dbnodes serve on.",
            lastSeen: $"{database.DBInstanceIdentifier} is {Full}, with {database.AllocatedStorage} GiB{Reason(database)}",
            hint: $"Set storageGiB of {node.Name} to more than {database.AllocatedStorage}, and run ./build.sh --target=Deploy: nothing is interrupted. ./build.sh --target=Plan-Capacity says in time when one is due.");
    }

    private static string Reason(DBInstance database) =>
        (database.StatusInfos ?? []).FirstOrDefault()?.Message is { Length: > 0 } message ? $" ({message})" : "";

    private async Task EnsureSubnetGroupAsync(CancellationToken cancellationToken)
    {
        var network = await observation.Network.GetAsync(cancellationToken);
        if (await observation.DatabaseSubnets.GetAsync(cancellationToken) is { } known)
        {
            await RequireOursAsync(known, cancellationToken);
            if (DifferenceOf(known, network) is { } difference) await ModifySubnetsAsync(difference, network, cancellationToken);
            return;
        }

        var request = new CreateDBSubnetGroupRequest
        {
            DBSubnetGroupName = names.DatabaseSubnets,
            DBSubnetGroupDescription = $"Sync dbnodes of {names.Cluster}",
            SubnetIds = network.SubnetIds,
            Tags = ResourceTags.Of(names.Cluster, "dbnode").ToRds(),
        };
        observation.DatabaseSubnets.Forget();
        var made = await AwsErrors.UnlessExistsAsync(async () =>
        {
            if ((await clients.Rds.CreateDBSubnetGroupAsync(request, cancellationToken)).DBSubnetGroup is { Subnets.Count: > 0 } group) observation.DatabaseSubnets.Set(group);
        });
        if (!made && await observation.DatabaseSubnets.GetAsync(cancellationToken) is { } existing) await RequireOursAsync(existing, cancellationToken);
        progress.Changed($"database subnet group {names.DatabaseSubnets} created over {network.Subnets.Count} zones");
    }

    private static ValueChange? DifferenceOf(DBSubnetGroup group, ClusterNetwork network) => network.DifferenceOf((group.Subnets ?? []).Select(subnet => subnet.SubnetIdentifier));

    private async Task ModifySubnetsAsync(ValueChange difference, ClusterNetwork network, CancellationToken cancellationToken)
    {
        await clients.Rds.ModifyDBSubnetGroupAsync(
            new ModifyDBSubnetGroupRequest { DBSubnetGroupName = names.DatabaseSubnets, SubnetIds = network.SubnetIds }, cancellationToken);
        observation.DatabaseSubnets.Forget();
        progress.Changed($"database subnet group {names.DatabaseSubnets}: {difference}");
    }

    /// <summary>A group that carries one of our databases has been looked at before: only a first one costs the call.</summary>
    private async Task RequireOursAsync(DBSubnetGroup subnets, CancellationToken cancellationToken)
    {
        var databases = await observation.Databases.GetAsync(cancellationToken);
        if (databases.Values.Any(database => database.DBSubnetGroup?.DBSubnetGroupName == names.DatabaseSubnets && ResourceTags.AreOurs(DatabasePlan.TagsOf(database), names.Cluster)))
            return;
        Ownership.Require($"database subnet group {names.DatabaseSubnets}", await clients.Rds.TagsOfAsync(subnets.DBSubnetGroupArn, cancellationToken), names.Cluster);
    }

    private async Task CreateAsync(DatabaseNodeSettings node, string groupId, CancellationToken cancellationToken)
    {
        // The password is stored first: a run that is killed right after must find it again.
        var password = await secrets.MasterPasswordAsync(node.Name, cancellationToken);
        var request = new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = names.Database(node),
            Engine = "mysql",
            EngineVersion = node.EngineVersion,
            DBInstanceClass = node.InstanceClass,
            AllocatedStorage = node.StorageGiB,
            StorageType = "gp3",
            StorageEncrypted = true,
            MasterUsername = MasterUser,
            MasterUserPassword = password.Reveal(),
            BackupRetentionPeriod = node.BackupDays,
            MultiAZ = node.MultiAz,
            DeletionProtection = true,
            PubliclyAccessible = false,
            AutoMinorVersionUpgrade = true,
            CopyTagsToSnapshot = true,
            DBSubnetGroupName = names.DatabaseSubnets,
            VpcSecurityGroupIds = [groupId],
            Tags = ResourceTags.Of(names.Cluster, "dbnode").ToRds(),
        };
        var name = names.Database(node);
        var made = await waiter.OncePossibleAsync(
            $"database {name} to be requested", settings.Waits.Pace(settings.Waits.InstanceSeconds),
            token => AwsErrors.UnlessExistsAsync(() => clients.Rds.CreateDBInstanceAsync(request, token)), cancellationToken);
        observation.Databases.Forget();
        if (!made && (await observation.Databases.GetAsync(cancellationToken)).GetValueOrDefault(name) is { } existing)
            DatabasePlan.RequireOurs(existing, names.Cluster);
        requested.Add(name);
        if (made && fresh.Add(name)) freshSince = waiter.Now;
        progress.Changed($"database {name} requested");
    }

    private IReadOnlyList<DatabaseDifference> Compare(DatabaseNodeSettings node, DBInstance database, string groupId)
    {
        var differences = DatabasePlan.Compare(node, database, groupId, names.Cluster);
        if (DatabasePlan.NoticeOf(node, database) is { } notice) progress.Notice(notice);
        return differences;
    }

    private async Task ModifyAsync(DatabaseNodeSettings node, DBInstance database, string groupId, CancellationToken cancellationToken)
    {
        var differences = Compare(node, database, groupId);

        // A full one takes nothing but more storage.
        if (database.DBInstanceStatus == Full) differences = [.. differences.Where(difference => difference.Value.Name == DatabasePlan.Storage)];
        if (differences.Count == 0)
        {
            progress.Found($"database {database.DBInstanceIdentifier} is as the settings say ({database.DBInstanceStatus})");
            return;
        }

        var text = string.Join("; ", differences.Select(difference => difference.Value));
        if (differences.Any(difference => difference.Downtime) && options.Approve != names.Cluster)
            throw new PipelineException(
                ErrorCode.DowntimeNotApproved, $"Bringing the database {database.DBInstanceIdentifier} to the settings would interrupt it.",
                lastSeen: text, hint: $"Run again with --approve={names.Cluster}, or take the change back.");

        if (database.DBInstanceStatus is not ("available" or Full))
        {
            progress.Found($"database {database.DBInstanceIdentifier} is {database.DBInstanceStatus}; to be put back after: {text}");
            return;
        }

        var request = new ModifyDBInstanceRequest { DBInstanceIdentifier = database.DBInstanceIdentifier, ApplyImmediately = true };
        foreach (var difference in differences) difference.Apply(request);
        await waiter.OncePossibleAsync(
            $"database {database.DBInstanceIdentifier} to take changes", settings.Waits.Pace(settings.Waits.DataStoreSeconds),
            token => clients.Rds.ModifyDBInstanceAsync(request, token), cancellationToken);
        observation.Databases.Forget();
        if (database.DBInstanceStatus == Full) enlarged.Add(database.DBInstanceIdentifier);
        progress.Changed($"database {database.DBInstanceIdentifier}: {text}");
    }
}
