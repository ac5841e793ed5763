using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SyncStorage.Webhead.Observability;

/// <summary>
/// What this process has done, in counters of its own, since the hot path must not pay for what nobody collects. <c>/__metrics__</c>
/// reads them; OpenTelemetry, where it is switched on, observes the same.
/// </summary>
internal sealed class WebheadMetrics : IDisposable
{
    /// <summary>The name of the meter and of the source of activities.</summary>
    public const string SourceName = "SyncStorage.Webhead";

    private readonly Meter meter = new(SourceName);
    private readonly Histogram<double> durations;
    private readonly ConcurrentDictionary<RequestKind, RequestSeries> requests = new();
    private readonly Tally[] refusals = [.. Enum.GetValues<Refusal>().Select(_ => new Tally())];
    private long inFlight;

    public WebheadMetrics()
    {
        durations = meter.CreateHistogram<double>("http.server.request.duration", "s", "Requests by method, route and status");
        meter.CreateObservableUpDownCounter("http.server.active_requests", () => InFlight, "{request}");
        meter.CreateObservableCounter("syncstorage.refused", () => Enum.GetValues<Refusal>().Where(refusal => refusal != Refusal.None)
            .Select(refusal => new Measurement<long>(Refusals(refusal), new KeyValuePair<string, object?>("reason", refusal.ToString()))));
        meter.CreateObservableCounter("syncstorage.shed", () => Shed.Value);
        meter.CreateObservableCounter("syncstorage.cache.hits", () => CacheHits.Value);
        meter.CreateObservableCounter("syncstorage.cache.misses", () => CacheMisses.Value);
        meter.CreateObservableCounter("syncstorage.cache.errors", () => CacheErrors.Value);
        meter.CreateObservableCounter("syncstorage.purge.items", () => PurgedItems.Value);
        meter.CreateObservableCounter("syncstorage.purge.batches", () => PurgedBatches.Value);
    }

    /// <summary>Activities of requests; costs nothing while nobody listens.</summary>
    public static ActivitySource Activities { get; } = new(SourceName);

    /// <summary>Requests by kind.</summary>
    public IEnumerable<KeyValuePair<RequestKind, RequestSeries>> Requests => requests;

    /// <summary>Requests that are being answered.</summary>
    public long InFlight => Interlocked.Read(ref inFlight);

    /// <summary>Requests that were turned away because too many others waited.</summary>
    public Tally Shed { get; } = new();

    /// <summary>Answers of the cache that had something.</summary>
    public Tally CacheHits { get; } = new();

    /// <summary>Answers of the cache that had nothing.</summary>
    public Tally CacheMisses { get; } = new();

    /// <summary>Calls to the cache that failed.</summary>
    public Tally CacheErrors { get; } = new();

    /// <summary>Expired items that were purged by this process.</summary>
    public Tally PurgedItems { get; } = new();

    /// <summary>Abandoned batches that were purged by this process.</summary>
    public Tally PurgedBatches { get; } = new();

    /// <summary>Configurations that were taken.</summary>
    public Tally Reloads { get; } = new();

    /// <summary>Configurations that could not be read or used.</summary>
    public Tally FailedReloads { get; } = new();

    public long Refusals(Refusal refusal) => refusals[(int)refusal].Value;

    public void Refused(Refusal refusal) => refusals[(int)refusal].Add();

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

    public void Dispose() => meter.Dispose();
}
