using System.Collections.Concurrent;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.CloudWatch.Metrics;

/// <summary>All series, of AWS's own namespaces and of clients'.</summary>
internal sealed class MetricStore(TimeProvider time) : IMetricSink
{
    private const int MostSeries = 20_000;

    private readonly ConcurrentDictionary<MetricKey, MetricSeries> series = new();

    /// <summary>In no order.</summary>
    public IEnumerable<MetricSeries> All => series.Values;

    public MetricSeries? Find(MetricKey key) => series.GetValueOrDefault(key);

    /// <exception cref="AwsException">There are too many.</exception>
    public MetricSeries Of(MetricKey key, string unit)
    {
        if (series.TryGetValue(key, out var known)) return known;
        if (series.Count >= MostSeries) throw new AwsException("LimitExceeded", $"LocalCloud keeps {MostSeries} metrics.");
        return series.GetOrAdd(key, _ => new MetricSeries(key, unit, time));
    }

    public IMetricSeries Series(string space, string name, string unit, params ReadOnlySpan<(string Name, string Value)> dimensions) =>
        Of(MetricKey.Of(space, name, dimensions.ToArray()), unit);
}
