using System.Globalization;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.DatabaseInstances;

/// <summary>A restore, as the instance that does it is told.</summary>
/// <param name="Id">Of this restore.</param>
/// <param name="To">Everything that was committed before is wanted, and nothing after.</param>
public sealed record NodeRestore(string Id, DateTimeOffset To)
{
    /// <summary>How times are written: binary logs know seconds.</summary>
    internal const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>The time, as it is written.</summary>
    public string ToText => Text(To);

    /// <summary>A time, as it is written.</summary>
    internal static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
}

/// <summary>The script that tells a dbnode's instance who it is. It holds no secret: the instance reads its own by its role.</summary>
public static class DatabaseNodeUserData
{
    /// <summary>The script.</summary>
    /// <param name="settings">The cluster's.</param>
    /// <param name="node">The dbnode.</param>
    /// <param name="bucket">The cluster's bucket.</param>
    /// <param name="target">Where it is.</param>
    /// <param name="volumeId">Its data volume.</param>
    /// <param name="restore">What it does before it serves; null for nothing.</param>
    public static string Script(EnvironmentSettings settings, DatabaseNodeSettings node, string bucket, AwsTarget target, string volumeId, NodeRestore? restore)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(target);
        List<(string Name, string Value)> variables =
        [
            ("SYNCSTORAGE_CLUSTER", settings.Cluster), ("SYNCSTORAGE_BUCKET", bucket), ("SYNCSTORAGE_NODE", node.Name), ("SYNCSTORAGE_ADDRESS", InstanceScript.OwnAddress),
            ("SYNCSTORAGE_PORT", SecurityGroupPlan.DatabasePort.ToString(CultureInfo.InvariantCulture)), ("SYNCSTORAGE_VOLUME", volumeId),
            ("SYNCSTORAGE_BACKUP_DAYS", node.BackupDays.ToString(CultureInfo.InvariantCulture)),
        ];
        if (restore is not null) variables.AddRange([("SYNCSTORAGE_RESTORE_ID", restore.Id), ("SYNCSTORAGE_RESTORE_TO", restore.ToText)]);
        variables.Add(("AWS_REGION", target.Region));
        return InstanceScript.Make(ServiceRole.Dbnode, variables, start: true);
    }
}
