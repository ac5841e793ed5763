namespace SyncStorage.LocalCloud.Core;

/// <summary>CloudWatch, as the services whose figures it keeps see it.</summary>
internal interface IMetricSink
{
    /// <summary>The figures of one name and one set of dimensions; the same one for the same arguments.</summary>
    /// <param name="space">E.g. <c>AWS/ELB</c>.</param>
    /// <param name="name">E.g. <c>RequestCount</c>.</param>
    /// <param name="unit">As CloudWatch calls it, e.g. <c>Count</c>.</param>
    /// <param name="dimensions">E.g. <c>("LoadBalancerName", "sync2-lb")</c>.</param>
    IMetricSeries Series(string space, string name, string unit, params ReadOnlySpan<(string Name, string Value)> dimensions);
}

/// <summary>Takes figures in. Any thread may.</summary>
internal interface IMetricSeries
{
    /// <summary>Adds a figure of now.</summary>
    void Add(double value);
}

/// <summary>A service that is asked, every now and then, for what can only be looked at.</summary>
internal interface IMetricSource
{
    /// <summary>Looks, and adds what it sees. One that can't be looked at is left out.</summary>
    Task MeasureAsync(IMetricSink sink, CancellationToken cancellationToken);
}
