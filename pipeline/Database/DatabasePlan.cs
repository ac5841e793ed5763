using Amazon.RDS.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Database;

/// <summary>A difference of one dbnode that can be put back.</summary>
/// <param name="Value">What differs.</param>
/// <param name="Downtime">Whether putting it back interrupts the database.</param>
/// <param name="Apply">Sets it in a request.</param>
public sealed record DatabaseDifference(ValueChange Value, bool Downtime, Action<ModifyDBInstanceRequest> Apply);

/// <summary>The pure comparison of a dbnode with what it should be. Pending modifications count before current values.</summary>
public static class DatabasePlan
{
    /// <summary>The tag that says which databases <c>init-db</c> has made.</summary>
    public const string InitializedTag = "Initialized";

    /// <summary>The name of the difference in storage.</summary>
    internal const string Storage = "storage";

    /// <summary>What differs; empty if nothing.</summary>
    /// <param name="node">The node as wanted.</param>
    /// <param name="observed">The database as it is.</param>
    /// <param name="groupId">The database group.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <exception cref="PipelineException">It is not ours, or differs in what only a replacement could change.</exception>
    public static IReadOnlyList<DatabaseDifference> Compare(DatabaseNodeSettings node, DBInstance observed, string groupId, string cluster)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(observed);
        var name = observed.DBInstanceIdentifier;
        RequireOurs(observed, cluster);
        if (observed.StorageEncrypted != true)
            throw new PipelineException(
                ErrorCode.DowntimeNotApproved, $"The database {name} is not encrypted, and only a replacement could change that.",
                hint: "Restore a snapshot of it, copied with encryption, under its name.");

        return [.. Differences(node, observed, groupId)];
    }

    /// <summary>Refuses a database of somebody else's.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NotOurs"/>.</exception>
    public static void RequireOurs(DBInstance observed, string cluster)
    {
        ArgumentNullException.ThrowIfNull(observed);
        Ownership.Require($"database {observed.DBInstanceIdentifier}", TagsOf(observed), cluster);
    }

    /// <summary>Whether a final snapshot of a database can be made, by its status, and would hold anything.</summary>
    public static bool CanBeSnapshot(DBInstance database)
    {
        ArgumentNullException.ThrowIfNull(database);
        return database.DBInstanceStatus is not ("failed" or "incompatible-restore" or "incompatible-network") && !IsStillborn(database);
    }

    /// <summary>Whether a database failed before <c>init-db</c> made anything in it: it holds nothing, and will never do.</summary>
    public static bool IsStillborn(DBInstance database)
    {
        ArgumentNullException.ThrowIfNull(database);
        return database.DBInstanceStatus is "failed" or "storage-full" && !TagsOf(database).ContainsKey(InitializedTag);
    }

    /// <summary>The tags of a database.</summary>
    public static Dictionary<string, string> TagsOf(DBInstance database)
    {
        ArgumentNullException.ThrowIfNull(database);
        return (database.TagList ?? []).ToDictionary(tag => tag.Key, tag => tag.Value);
    }

    /// <summary>What <c>init-db</c> makes on a node, as a key; it changes when a database is added.</summary>
    public static string InitializedKey(DatabaseNodeSettings node, string applicationUser)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Images.ImageKey.HashOf([applicationUser, .. node.Hosts.Select(host => host.Database).Order(StringComparer.Ordinal)]);
    }

    /// <summary>What is to be said of a database whose engine is beyond the settings': RDS does not go back, so it is left as it is. Null if it is not.</summary>
    internal static string? NoticeOf(DatabaseNodeSettings node, DBInstance observed) =>
        VersionOf(observed) is { } version && EngineVersions.IsBeyond(node.EngineVersion, version)
            ? $"database {observed.DBInstanceIdentifier} has MySQL {version}, later than the {node.EngineVersion} of the settings: RDS does not go back, and it is left so. Set engineVersion of {node.Name} to what it has."
            : null;

    private static string? VersionOf(DBInstance observed) => observed.PendingModifiedValues?.EngineVersion ?? observed.EngineVersion;

    private static IEnumerable<DatabaseDifference> Differences(DatabaseNodeSettings node, DBInstance observed, string groupId)
    {
        var pending = observed.PendingModifiedValues;
        var instanceClass = pending?.DBInstanceClass ?? observed.DBInstanceClass;
        if (instanceClass != node.InstanceClass)
            yield return new(new("class", instanceClass, node.InstanceClass), Downtime: true, request => request.DBInstanceClass = node.InstanceClass);

        var storage = pending?.AllocatedStorage ?? observed.AllocatedStorage;
        if (storage < node.StorageGiB)
            yield return new(new(Storage, $"{storage} GiB", $"{node.StorageGiB} GiB"), Downtime: false, request => request.AllocatedStorage = node.StorageGiB);

        var version = VersionOf(observed);
        if (!EngineVersions.Covers(node.EngineVersion, version) && !EngineVersions.IsBeyond(node.EngineVersion, version))
            yield return new(new("engine version", version, node.EngineVersion), Downtime: true, request =>
            {
                request.EngineVersion = node.EngineVersion;
                request.AllowMajorVersionUpgrade = true;
            });

        var multiAz = pending?.MultiAZ ?? observed.MultiAZ;
        if (multiAz != node.MultiAz)
            yield return new(new("standby", Yes(multiAz == true), Yes(node.MultiAz)), Downtime: false, request => request.MultiAZ = node.MultiAz);

        var backupDays = pending?.BackupRetentionPeriod ?? observed.BackupRetentionPeriod;
        if (backupDays != node.BackupDays)
            yield return new(new("backups", $"{backupDays} days", $"{node.BackupDays} days"), Downtime: false, request => request.BackupRetentionPeriod = node.BackupDays);

        if (observed.DeletionProtection != true)
            yield return new(new("deletion protection", "off", "on"), Downtime: false, request => request.DeletionProtection = true);

        var groups = (observed.VpcSecurityGroups ?? []).Select(group => group.VpcSecurityGroupId).ToList();
        if (!groups.SequenceEqual([groupId]))
            yield return new(new("security group", string.Join(", ", groups), groupId), Downtime: false, request => request.VpcSecurityGroupIds = [groupId]);

        if (observed.PubliclyAccessible == true)
            yield return new(new("public access", "on", "off"), Downtime: false, request => request.PubliclyAccessible = false);
    }

    private static string Yes(bool value) => value ? "yes" : "no";
}
