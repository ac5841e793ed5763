using System.Diagnostics.Metrics;

namespace SyncStorage.Webhead.Observability;

/// <summary>What a webhead has done.</summary>
internal sealed class WebheadMetrics : ServiceMetrics
{
    private readonly Tally[] refusals = [.. Enum.GetValues<Refusal>().Select(_ => new Tally())];

    public WebheadMetrics()
    {
        Meter.CreateObservableCounter("syncstorage.refused", () => Enum.GetValues<Refusal>().Where(refusal => refusal != Refusal.None)
            .Select(refusal => new Measurement<long>(Refusals(refusal), new KeyValuePair<string, object?>("reason", refusal.ToString()))));
        Meter.CreateObservableCounter("syncstorage.shed", () => Shed.Value);
        Meter.CreateObservableCounter("syncstorage.cache.hits", () => CacheHits.Value);
        Meter.CreateObservableCounter("syncstorage.cache.misses", () => CacheMisses.Value);
        Meter.CreateObservableCounter("syncstorage.cache.errors", () => CacheErrors.Value);
        Meter.CreateObservableCounter("syncstorage.purge.items", () => PurgedItems.Value);
        Meter.CreateObservableCounter("syncstorage.purge.batches", () => PurgedBatches.Value);
    }

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

    public long Refusals(Refusal refusal) => refusals[(int)refusal].Value;

    public void Refused(Refusal refusal) => refusals[(int)refusal].Add();
}
