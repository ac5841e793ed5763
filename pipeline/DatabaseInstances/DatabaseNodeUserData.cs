using System.Globalization;
using SyncStorage.Pipeline.Aws;
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
        var more = restore is null ? "" : $"\n  echo 'SYNCSTORAGE_RESTORE_ID={restore.Id}'\n  echo 'SYNCSTORAGE_RESTORE_TO={restore.ToText}'";
        return string.Create(CultureInfo.InvariantCulture, $$"""
            #!/bin/sh
            # Tells the dbnode who it is. On LocalCloud DESTDIR is the instance's root directory.
            set -eu
            imds="${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}"
            token=$(curl -fsS --retry 10 --retry-connrefused -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "${imds%/}/latest/api/token")
            address=$(curl -fsS --retry 10 --retry-connrefused -H "X-aws-ec2-metadata-token: $token" "${imds%/}/latest/meta-data/local-ipv4")
            mkdir -p "${DESTDIR:-}/etc/syncstorage"
            {
              echo 'SYNCSTORAGE_CLUSTER={{settings.Cluster}}'
              echo 'SYNCSTORAGE_BUCKET={{bucket}}'
              echo 'SYNCSTORAGE_NODE={{node.Name}}'
              echo "SYNCSTORAGE_ADDRESS=$address"
              echo 'SYNCSTORAGE_PORT={{SecurityGroupPlan.DatabasePort}}'
              echo 'SYNCSTORAGE_VOLUME={{volumeId}}'
              echo 'SYNCSTORAGE_BACKUP_DAYS={{node.BackupDays}}'{{more}}
              echo 'AWS_REGION={{target.Region}}'
            } > "${DESTDIR:-}/etc/syncstorage/dbnode.env"
            systemctl start syncstorage-dbnode.service

            """);
    }
}
