using SyncStorage.ServiceHost.Observability;

namespace SyncStorage.ServiceHost.Monitoring;

/// <summary>Takes the figures of an interval: what grew since the last one, and how things stand.</summary>
internal sealed class FigureCollector(ServiceMetrics metrics, IEnumerable<IServiceFigures> more, HostFigures host)
{
    private const string Count = "Count";

    // Of requests that took longer than the last bound, that much is known.
    private const double Slowest = 20;
    private const int ServerError = 500;

    private readonly Dictionary<string, long> last = new(StringComparer.Ordinal);
    private long[] lastBuckets = new long[RequestSeries.Bounds.Length + 1];

    /// <summary>The figures since the last call.</summary>
    public IReadOnlyList<Figure> Collect(DateTimeOffset now)
    {
        var figures = new List<Figure>();
        void Gauge(string name, double value, string unit = Count) => figures.Add(new Figure(name, unit, now, [(value, 1)]));
        void Grown(string name, long total)
        {
            Gauge(name, total - last.GetValueOrDefault(name));
            last[name] = total;
        }

        var requests = metrics.Requests.ToList();
        Grown("Requests", requests.Sum(one => one.Value.Count));
        Grown("Errors", requests.Where(one => one.Key.Status >= ServerError).Sum(one => one.Value.Count));
        foreach (var (name, total) in more.SelectMany(one => one.Counters)) Grown(name, total);
        if (Durations(requests.Select(one => one.Value)) is { Count: > 0 } durations) figures.Add(new Figure("RequestSeconds", "Seconds", now, durations));
        Gauge("OpenRequests", metrics.InFlight);
        foreach (var (name, value) in more.SelectMany(one => one.Gauges)) Gauge(name, value);
        Gauge("ProcessBytes", Environment.WorkingSet, "Bytes");
        foreach (var (name, percent) in host.Measure()) Gauge(name, percent, "Percent");
        return figures;
    }

    // The buckets of the histogram, each by its upper bound.
    private List<(double Value, double Count)> Durations(IEnumerable<RequestSeries> series)
    {
        var now = new long[lastBuckets.Length];
        foreach (var one in series)
        {
            var cumulative = one.Cumulative();
            for (var i = 0; i < now.Length; i++) now[i] += cumulative[i] - (i == 0 ? 0 : cumulative[i - 1]);
        }

        var durations = new List<(double Value, double Count)>();
        for (var i = 0; i < now.Length; i++)
        {
            if (now[i] > lastBuckets[i]) durations.Add((i < RequestSeries.Bounds.Length ? RequestSeries.Bounds[i] : Slowest, now[i] - lastBuckets[i]));
        }

        lastBuckets = now;
        return durations;
    }
}
