using System.Diagnostics;
using System.Globalization;
using SyncStorage.ServiceHost.Serving;
using SyncStorage.ServiceHost.Settings;

namespace SyncStorage.ServiceHost.Observability;

/// <summary>What <c>/__metrics__</c> tells of any service.</summary>
internal static class ServiceReport
{
    private const string Gauge = "gauge";
    private const string Counter = "counter";

    /// <summary>Which release this is.</summary>
    public static void WriteRelease(PrometheusText text, Installation installation) =>
        text.Add("syncstorage_info", Gauge, "The release that runs.", "release", [(installation.Release, 1)]);

    /// <summary>The requests, and how long they took.</summary>
    public static void WriteRequests(PrometheusText text, ServiceMetrics metrics)
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
    }

    /// <summary>The configuration, and whether the service is about to end.</summary>
    public static void WriteState(PrometheusText text, ServiceMetrics metrics, Drain drain)
    {
        text.Add("syncstorage_configuration_reloads_total", Counter, "Configurations taken.", metrics.Reloads.Value);
        text.Add("syncstorage_configuration_failures_total", Counter, "Configurations that could not be read or used.", metrics.FailedReloads.Value);
        text.Add("syncstorage_draining", Gauge, "1 once the service is about to end.", drain.Draining ? 1 : 0);
    }

    /// <summary>This process.</summary>
    public static void WriteProcess(PrometheusText text)
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
