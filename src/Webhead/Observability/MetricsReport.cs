using SyncStorage.Webhead.Serving;
using SyncStorage.Webhead.Settings;

namespace SyncStorage.Webhead.Observability;

/// <summary>What <c>/__metrics__</c> tells: requests, what they meet on their way, and this process.</summary>
internal sealed class MetricsReport(WebheadMetrics metrics, ServingStateHolder serving, Drain drain, Installation installation)
{
    private const string Gauge = "gauge";
    private const string Counter = "counter";

    public string Write()
    {
        var text = new PrometheusText();
        ServiceReport.WriteRelease(text, installation);
        WriteRequests(text);
        WriteServing(text);
        ServiceReport.WriteProcess(text);
        return text.ToString();
    }

    private void WriteRequests(PrometheusText text)
    {
        ServiceReport.WriteRequests(text, metrics);
        text.Add("syncstorage_refused_total", Counter, "Requests refused for who they claim to be.", "reason",
            Enum.GetValues<Refusal>().Where(refusal => refusal != Refusal.None).Select(refusal => (refusal.ToString(), (double)metrics.Refusals(refusal))));
        text.Add("syncstorage_shed_total", Counter, "Requests turned away because too many others waited.", metrics.Shed.Value);
    }

    private void WriteServing(PrometheusText text)
    {
        text.Add("syncstorage_cache_hits_total", Counter, "Cache reads that found something.", metrics.CacheHits.Value);
        text.Add("syncstorage_cache_misses_total", Counter, "Cache reads that found nothing.", metrics.CacheMisses.Value);
        text.Add("syncstorage_cache_errors_total", Counter, "Cache calls that failed.", metrics.CacheErrors.Value);
        text.Add("syncstorage_purged_items_total", Counter, "Expired items purged by this webhead.", metrics.PurgedItems.Value);
        text.Add("syncstorage_purged_batches_total", Counter, "Abandoned batches purged by this webhead.", metrics.PurgedBatches.Value);
        ServiceReport.WriteState(text, metrics, drain);
        if (serving.Current is not { } state) return;

        text.Add("syncstorage_configuration_version", Gauge, "The configuration document that is served.", state.Document.Version);
        text.Add("syncstorage_node_requests_in_service", Gauge, "Requests that a dbnode is worked for.", "node",
            state.Gates.Select(gate => (gate.Node, (double)gate.InService)));
        text.Add("syncstorage_node_requests_waiting", Gauge, "Requests that wait for their turn at a dbnode.", "node",
            state.Gates.Select(gate => (gate.Node, (double)gate.Waiting)));
        text.Add("syncstorage_database_connections_in_use", Gauge, "Connections in use, by virtual hostname.", "hostname",
            state.Hosts.Select(host => (host.Origin.Host, (double)host.Database.InUse)));
        text.Add("syncstorage_database_failures_total", Counter, "Database calls that failed, by virtual hostname.", "hostname",
            state.Hosts.Select(host => (host.Origin.Host, (double)host.Database.Failures)));
    }
}
