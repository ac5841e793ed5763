using SyncStorage.ServiceHost.Monitoring;
using SyncStorage.Webhead.Serving;

namespace SyncStorage.Webhead.Observability;

/// <summary>What CloudWatch is told of a webhead besides what every service tells.</summary>
internal sealed class WebheadFigures(WebheadMetrics metrics, ServingStateHolder serving) : IServiceFigures
{
    public IEnumerable<(string Name, long Total)> Counters =>
    [
        ("Refused", Enum.GetValues<Refusal>().Where(refusal => refusal != Refusal.None).Sum(metrics.Refusals)),
        ("Shed", metrics.Shed.Value),
        ("CacheHits", metrics.CacheHits.Value),
        ("CacheMisses", metrics.CacheMisses.Value),
        ("CacheErrors", metrics.CacheErrors.Value),
    ];

    public IEnumerable<(string Name, double Value)> Gauges =>
        serving.Current is { } state ? [("DatabaseConnections", state.Hosts.Sum(host => host.Database.InUse))] : [];
}
