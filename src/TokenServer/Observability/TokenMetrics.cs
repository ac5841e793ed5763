using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SyncStorage.TokenServer.Observability;

/// <summary>What a token server has done.</summary>
internal sealed class TokenMetrics : ServiceMetrics
{
    private readonly ConcurrentDictionary<string, Tally> refusals = new(StringComparer.Ordinal);

    public TokenMetrics()
    {
        Meter.CreateObservableCounter("syncstorage.tokens", () => Tokens.Value);
        Meter.CreateObservableCounter("syncstorage.refused", () => refusals
            .Select(pair => new Measurement<long>(pair.Value.Value, new KeyValuePair<string, object?>("reason", pair.Key))));
        Meter.CreateObservableCounter("syncstorage.shed", () => Shed.Value);
        Meter.CreateObservableCounter("syncstorage.purge.records", () => PurgedRecords.Value);
        Meter.CreateObservableCounter("syncstorage.purge.failures", () => FailedPurges.Value);
    }

    /// <summary>Tokens that were given.</summary>
    public Tally Tokens { get; } = new();

    /// <summary>Requests that were turned away because too many others waited.</summary>
    public Tally Shed { get; } = new();

    /// <summary>Old records that were purged by this process.</summary>
    public Tally PurgedRecords { get; } = new();

    /// <summary>Old records whose data a node did not delete.</summary>
    public Tally FailedPurges { get; } = new();

    /// <summary>How many requests were refused, by status: of these there are only so many.</summary>
    public IEnumerable<(string Reason, long Count)> Refusals => refusals.Select(pair => (pair.Key, pair.Value.Value));

    public void Refused(string status) => refusals.GetOrAdd(status, _ => new Tally()).Add();
}
