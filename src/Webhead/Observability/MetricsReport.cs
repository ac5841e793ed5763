using System.Diagnostics;
using System.Globalization;
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
        text.Add("syncstorage_info", Gauge, "The release that runs.", "release", [(installation.Release, 1)]);
        WriteRequests(text);
        WriteServing(text);
        WriteProcess(text);
        return text.ToString();
    }

    private void WriteRequests(PrometheusText text)
    {
        const string name = "syncstorage_http_request_duration_seconds";
        text.Begin(name, "histogram", "Requests by method, route and status, and how long they took.");
        foreach (var (kind, series) in metrics.Requests)
        {
            var labels = string.Create(CultureInfo.InvariantCulture,
                $"{PrometheusText.Label("method", kind.Method)},{PrometheusText.Label("route", kind.Route)},status=\"{kind.Status}\"");
            var counts = series.Cumulative();
            for (var i = 0; i < RequestSeries.Bounds.Length; i++)
                text.Sample(name + "_bucket", string.Create(CultureInfo.InvariantCulture, $"{labels},le=\"{RequestSeries.Bounds[i]}\""), counts[i]);
            text.Sample(name + "_bucket", labels + ",le=\"+Inf\"", counts[^1]);
            text.Sample(name + "_sum", labels, series.Total.TotalSeconds);
            text.Sample(name + "_count", labels, counts[^1]);
        }

        text.Add("syncstorage_http_requests_in_flight", Gauge, "Requests being answered.", metrics.InFlight);
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
        text.Add("syncstorage_configuration_reloads_total", Counter, "Configurations taken.", metrics.Reloads.Value);
        text.Add("syncstorage_configuration_failures_total", Counter, "Configurations that could not be read or used.", metrics.FailedReloads.Value);
        text.Add("syncstorage_draining", Gauge, "1 once the service is about to end.", drain.Draining ? 1 : 0);
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

    private static void WriteProcess(PrometheusText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Add("process_resident_memory_bytes", Gauge, "Resident memory.", Environment.WorkingSet);
        text.Add("process_cpu_seconds_total", Counter, "Processor time.", process.TotalProcessorTime.TotalSeconds);
        text.Add("process_start_time_seconds", Gauge, "When the process started, in seconds since 1970.",
            new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1e3);
        text.Add("process_threads", Gauge, "Threads of the pool.", ThreadPool.ThreadCount);
        text.Add("dotnet_gc_heap_bytes", Gauge, "Managed memory.", GC.GetTotalMemory(forceFullCollection: false));
        text.Add("dotnet_gc_allocated_bytes_total", Counter, "Managed memory ever allocated.", GC.GetTotalAllocatedBytes());
        text.Add("dotnet_gc_pause_seconds_total", Counter, "Time that collections stopped everything.", GC.GetTotalPauseDuration().TotalSeconds);
        text.Add("dotnet_gc_collections_total", Counter, "Collections by generation.", "generation",
            Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation => (generation.ToString(CultureInfo.InvariantCulture), (double)GC.CollectionCount(generation))));
    }
}
