using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Instances;

/// <summary>A script that differs, were it by a blank, makes every webhead one that has to be replaced.</summary>
public sealed class ServiceUserDataTests
{
    private const string Head = """
        #!/bin/sh
        # Tells the webhead who it is. On LocalCloud DESTDIR is the instance's root directory.
        set -eu
        imds="${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}"
        token=$(curl -fsS --retry 10 --retry-connrefused -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "${imds%/}/latest/api/token")
        address=$(curl -fsS --retry 10 --retry-connrefused -H "X-aws-ec2-metadata-token: $token" "${imds%/}/latest/meta-data/local-ipv4")

        """;

    private static readonly AwsTarget Target = new(Endpoint: null, "eu-west-1", "000000000000", Credentials: null, IsLocal: false);
    private static readonly EnvironmentSettings Settings = TestSettings.Local with { Cluster = "sync2" };

    [Test]
    public void Admin_TellsWhereItIsAndKeepsTheServiceOff() => Assert.That(
        ServiceUserData.Admin(ServiceRole.Webhead, Settings with { Monitoring = new MonitoringSettings(), Otlp = new OtlpSettings { Endpoint = "http://10.0.0.7:4317" } }, "bucket", Target), Is.EqualTo(Head + $$"""
            mkdir -p "${DESTDIR:-}/etc/syncstorage"
            {
              echo 'SYNCSTORAGE_CLUSTER=sync2'
              echo 'SYNCSTORAGE_BUCKET=bucket'
              echo "SYNCSTORAGE_ADDRESS=$address"
              echo 'SYNCSTORAGE_PORT={{Settings.Webheads.Port}}'
              echo 'AWS_REGION=eu-west-1'
            } > "${DESTDIR:-}/etc/syncstorage/webhead.env"
            systemctl disable syncstorage-webhead.service

            """));

    [Test]
    public void Serving_MonitoredAndByTls_TellsTheInstancesNameToo() => Assert.That(
        ServiceUserData.Serving(
            ServiceRole.Webhead,
            Settings with
            {
                Monitoring = new MonitoringSettings { IntervalSeconds = 5 },
                LoadBalancer = Settings.LoadBalancer with { Https = new HttpsSettings { ToWebheads = true } },
            },
            "bucket", Target),
        Is.EqualTo(Head + $$"""
            instance=$(curl -fsS --retry 10 --retry-connrefused -H "X-aws-ec2-metadata-token: $token" "${imds%/}/latest/meta-data/instance-id")
            mkdir -p "${DESTDIR:-}/etc/syncstorage"
            {
              echo 'SYNCSTORAGE_CLUSTER=sync2'
              echo 'SYNCSTORAGE_BUCKET=bucket'
              echo "SYNCSTORAGE_ADDRESS=$address"
              echo 'SYNCSTORAGE_PORT={{Settings.Webheads.Port}}'
              echo 'SYNCSTORAGE_TLS=on'
              echo 'AWS_REGION=eu-west-1'
              echo "SYNCSTORAGE_INSTANCE=$instance"
              echo 'SYNCSTORAGE_METRICS_NAMESPACE={{new ClusterNames("sync2").MetricNamespace}}'
              echo 'SYNCSTORAGE_METRICS_SECONDS=5'
              echo 'SYNCSTORAGE_LOG_GROUP={{new ClusterNames("sync2").WebheadLogs}}'
            } > "${DESTDIR:-}/etc/syncstorage/webhead.env"
            systemctl start syncstorage-webhead.service

            """));

    [Test]
    public void Serving_CollectorInTheSettings_TellsWhereItIs() => Assert.That(
        ServiceUserData.Serving(
            ServiceRole.Webhead, Settings with { Otlp = new OtlpSettings { Endpoint = "http://10.0.0.7:4318", Protocol = "http/protobuf", IntervalSeconds = 10 } }, "bucket", Target),
        Does.Contain("""
              echo 'AWS_REGION=eu-west-1'
              echo 'OTEL_EXPORTER_OTLP_ENDPOINT=http://10.0.0.7:4318'
              echo 'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf'
              echo 'OTEL_METRIC_EXPORT_INTERVAL=10000'
            }
            """.TrimEnd()));
}
