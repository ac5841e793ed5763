using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>What CloudWatch is told of a load balancer's requests.</summary>
internal sealed class TrafficMetrics(IMetricSink sink, string name)
{
    /// <summary>CloudWatch's namespace of classic load balancers.</summary>
    public const string Space = "AWS/ELB";

    private readonly IMetricSeries requests = Of(sink, name, "RequestCount", "Count");
    private readonly IMetricSeries latency = Of(sink, name, "Latency", "Seconds");

    // By the first digit: an instance's answers, and those of the load balancer itself, which are errors only.
    private readonly IMetricSeries?[] answered = new IMetricSeries?[10];
    private readonly IMetricSeries?[] own = new IMetricSeries?[10];

    /// <summary>A series of a load balancer.</summary>
    public static IMetricSeries Of(IMetricSink sink, string balancer, string metric, string unit) => sink.Series(Space, metric, unit, ("LoadBalancerName", balancer));

    /// <summary>An instance answered.</summary>
    /// <param name="status">The status of its answer.</param>
    /// <param name="took">From the request's way to the instance until the head of its answer.</param>
    public void Answered(int status, TimeSpan took)
    {
        requests.Add(1);
        latency.Add(took.TotalSeconds);
        Count(answered, "HTTPCode_Backend", status);
    }

    /// <summary>No instance answered, so the load balancer did.</summary>
    public void AnsweredItself(int status)
    {
        requests.Add(1);
        Count(own, "HTTPCode_ELB", status);
    }

    private void Count(IMetricSeries?[] series, string prefix, int status)
    {
        if (status / 100 is >= 2 and <= 5 and var digit) (series[digit] ??= Of(sink, name, $"{prefix}_{digit}XX", "Count")).Add(1);
    }
}

/// <summary>Looks how many instances of each load balancer are in service.</summary>
internal sealed class HealthMetrics(ElbService balancers) : IMetricSource
{
    public Task MeasureAsync(IMetricSink sink, CancellationToken cancellationToken)
    {
        foreach (var (name, healthy, unhealthy) in balancers.HostCounts)
        {
            // As on AWS: of one without instances there is no figure.
            if (healthy + unhealthy == 0) continue;
            TrafficMetrics.Of(sink, name, "HealthyHostCount", "Count").Add(healthy);
            TrafficMetrics.Of(sink, name, "UnHealthyHostCount", "Count").Add(unhealthy);
        }

        return Task.CompletedTask;
    }
}
