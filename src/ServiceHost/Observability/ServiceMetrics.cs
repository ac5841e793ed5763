using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SyncStorage.ServiceHost.Observability;

/// <summary>
/// What this process has done, in counters of its own, since the hot path must not pay for what nobody collects. <c>/__metrics__</c>
/// reads them; OpenTelemetry, where it is switched on, observes the same.
/// </summary>
internal class ServiceMetrics : IDisposable
{
    /// <summary>The name of the meter and of the source of activities.</summary>
    public const string SourceName = "SyncStorage";

    private readonly Histogram<double> durations;
    private readonly ConcurrentDictionary<RequestKind, RequestSeries> requests = new();
    private long inFlight;

    public ServiceMetrics()
    {
        durations = Meter.CreateHistogram<double>("http.server.request.duration", "s", "Requests by method, route and status");
        Meter.CreateObservableUpDownCounter("http.server.active_requests", () => InFlight, "{request}");
    }

    /// <summary>Activities of requests; costs nothing while nobody listens.</summary>
    public static ActivitySource Activities { get; } = new(SourceName);

    /// <summary>Requests by kind.</summary>
    public IEnumerable<KeyValuePair<RequestKind, RequestSeries>> Requests => requests;

    /// <summary>Requests that are being answered.</summary>
    public long InFlight => Interlocked.Read(ref inFlight);

    /// <summary>Configurations that were taken.</summary>
    public Tally Reloads { get; } = new();

    /// <summary>Configurations that could not be read or used.</summary>
    public Tally FailedReloads { get; } = new();

    /// <summary>The meter, for what a service counts besides.</summary>
    protected Meter Meter { get; } = new(SourceName);

    public void Begin() => Interlocked.Increment(ref inFlight);

    public void End(RequestKind kind, TimeSpan elapsed)
    {
        Interlocked.Decrement(ref inFlight);
        if (!requests.TryGetValue(kind, out var series)) series = requests.GetOrAdd(kind, _ => new RequestSeries());
        series.Add(elapsed);
        if (!durations.Enabled) return;
        durations.Record(elapsed.TotalSeconds, new TagList
        {
            { "http.request.method", kind.Method }, { "http.route", kind.Route }, { "http.response.status_code", kind.Status },
        });
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) Meter.Dispose();
    }
}
