using SyncStorage.LocalCloud.Services.CloudWatch.Metrics;
using SyncStorage.LocalCloud.Services.Elb;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Elb;

/// <summary>What CloudWatch learns of a load balancer.</summary>
[Category(Categories.Emulator)]
public class LoadBalancerMetricsTests
{
    [Test]
    public async Task Requests_AnsweredAndNot_AreCountedByWhoAnswered()
    {
        await using var elb = new ElbHarness();
        await using var backend = new RawBackend("127.91.9.1");
        await elb.CreateAsync(backend.Port, $"HTTP:{backend.Port}/health");

        using (await elb.Client.GetAsync(elb.Url())) { }
        elb.Instances.Run("i-1", backend.Address);
        await elb.RegisterAsync("i-1");
        await elb.WaitForAsync("i-1", "InService");
        using (await elb.Client.GetAsync(elb.Url())) { }
        using (await elb.Client.GetAsync(elb.Url())) { }
        await new HealthMetrics(elb.Service).MeasureAsync(elb.Metrics, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(SumOf(elb, "RequestCount"), Is.EqualTo(3));
            Assert.That(SumOf(elb, "HTTPCode_ELB_5XX"), Is.EqualTo(1));
            Assert.That(SumOf(elb, "HTTPCode_Backend_2XX"), Is.EqualTo(2));
            Assert.That(SumOf(elb, "HTTPCode_Backend_5XX"), Is.Null);
            Assert.That(SumOf(elb, "Latency"), Is.GreaterThan(0).And.LessThan(5));
            Assert.That(SumOf(elb, "HealthyHostCount"), Is.EqualTo(1));
            Assert.That(SumOf(elb, "UnHealthyHostCount"), Is.Zero);
        }
    }

    private static double? SumOf(ElbHarness elb, string metric) => elb.Metrics.Find(MetricKey.Of("AWS/ELB", metric, [("LoadBalancerName", "lb")]))?.Total.Sum;
}
