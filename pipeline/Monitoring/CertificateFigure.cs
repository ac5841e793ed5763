using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Monitoring;

/// <summary>
/// Tells CloudWatch how many days the load balancer's certificate has left, where AWS does not: IAM says nothing of those that it keeps. Each
/// Deploy and each Heal does, and Heal is run on a schedule.
/// </summary>
public sealed class CertificateFigure(IClients clients, EnvironmentSettings settings, ClusterNames names, ClusterCertificate certificate, TimeProvider time, IProgress progress)
{
    /// <summary>The metric.</summary>
    public const string Metric = "CertificateDaysToExpiry";

    /// <summary>Tells it, if there is something to tell.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        if (settings.Monitoring is null || await certificate.ExpiryAsync(cancellationToken) is not { } expiry) return;
        var days = Math.Floor((expiry - time.GetUtcNow()).TotalDays);
        var datum = new MetricDatum { MetricName = Metric, Value = days, Unit = StandardUnit.Count };
        await clients.CloudWatch.PutMetricDataAsync(new PutMetricDataRequest { Namespace = names.MetricNamespace, MetricData = [datum] }, cancellationToken);
        progress.Found(FormattableString.Invariant($"the load balancer's certificate is good for {days:0} days"));
    }
}
