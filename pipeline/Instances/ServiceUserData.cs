using System.Globalization;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Instances;

/// <summary>The script that tells an instance who it is. It holds no secret.</summary>
public static class ServiceUserData
{
    /// <summary>For an instance of the role (and a boot test): its service starts.</summary>
    public static string Serving(ServiceRole role, EnvironmentSettings settings, string bucket, AwsTarget target) => Script(role, settings, bucket, target, start: true);

    /// <summary>For a one-off admin instance: only the admin commands are used.</summary>
    public static string Admin(ServiceRole role, EnvironmentSettings settings, string bucket, AwsTarget target) => Script(role, settings, bucket, target, start: false);

    private static string Script(ServiceRole role, EnvironmentSettings settings, string bucket, AwsTarget target, bool start)
    {
        ArgumentNullException.ThrowIfNull(role);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(target);
        var service = $"systemctl {(start ? "start" : "disable")} syncstorage-{role.Program}.service";
        var monitoring = settings.Monitoring is not { } wanted || !start ? "" : string.Create(CultureInfo.InvariantCulture, $"""

              echo "SYNCSTORAGE_INSTANCE=$instance"
              echo 'SYNCSTORAGE_METRICS_NAMESPACE={new ClusterNames(settings.Cluster).MetricNamespace}'
              echo 'SYNCSTORAGE_METRICS_SECONDS={wanted.IntervalSeconds}'
              echo 'SYNCSTORAGE_LOG_GROUP={new ClusterNames(settings.Cluster).WebheadLogs}'
            """);
        var instance = monitoring.Length == 0 ? "" : """

            instance=$(curl -fsS --retry 10 --retry-connrefused -H "X-aws-ec2-metadata-token: $token" "${imds%/}/latest/meta-data/instance-id")
            """;
        var tls = settings.SpeaksTlsToWebheads ? "\n  echo 'SYNCSTORAGE_TLS=on'" : "";
        return string.Create(CultureInfo.InvariantCulture, $$"""
            #!/bin/sh
            # Tells the {{role.Noun}} who it is. On LocalCloud DESTDIR is the instance's root directory.
            set -eu
            imds="${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}"
            token=$(curl -fsS --retry 10 --retry-connrefused -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "${imds%/}/latest/api/token")
            address=$(curl -fsS --retry 10 --retry-connrefused -H "X-aws-ec2-metadata-token: $token" "${imds%/}/latest/meta-data/local-ipv4"){{instance}}
            mkdir -p "${DESTDIR:-}/etc/syncstorage"
            {
              echo 'SYNCSTORAGE_CLUSTER={{settings.Cluster}}'
              echo 'SYNCSTORAGE_BUCKET={{bucket}}'
              echo "SYNCSTORAGE_ADDRESS=$address"
              echo 'SYNCSTORAGE_PORT={{settings.Webheads.Port}}'{{tls}}
              echo 'AWS_REGION={{target.Region}}'{{monitoring}}
            } > "${DESTDIR:-}/etc/syncstorage/{{role.Program}}.env"
            {{service}}

            """);
    }
}
