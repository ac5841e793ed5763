using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.CloudWatch.Metrics;

namespace SyncStorage.LocalCloud.Services.CloudWatch.Collecting;

/// <summary>
/// Measures what can only be looked at, and has the alarms evaluated: once a minute as on AWS, scaled, but not more often than once a second; and while
/// there is no alarm, not more often than every ten seconds.
/// </summary>
internal sealed partial class MetricCollector(CloudContext context, MetricStore store, IServiceProvider services, ILogger<MetricCollector> logger) : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestWithoutAlarms = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    /// <summary>Begins.</summary>
    public void Start(CloudWatchService alarms) => running = Task.Run(() => RunAsync(alarms), CancellationToken.None);

    /// <summary>Ends; returns when nothing is measured any more.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stopping.Dispose();

    private async Task RunAsync(CloudWatchService alarms)
    {
        var scaled = context.Scale.Of(Minute);
        var tick = scaled < Shortest ? Shortest : scaled;
        var due = context.Time.GetUtcNow();

        // The services depend on this one for their counts: they are asked for when all are made.
        var sources = services.GetServices<IMetricSource>().ToList();
        while (true)
        {
            await Task.Delay(tick, context.Time, stopping.Token);
            var now = context.Time.GetUtcNow();
            var any = alarms.HasAlarms;
            if (any || now >= due)
            {
                foreach (var source in sources) await MeasureAsync(source);
                due = now + (tick < ShortestWithoutAlarms ? ShortestWithoutAlarms : tick);
            }

            if (any) Evaluate(alarms);
        }
    }

    // What can't be measured now may be the next time: it must not end the others.
    private async Task MeasureAsync(IMetricSource source)
    {
        try
        {
            await source.MeasureAsync(store, stopping.Token);
        }
#pragma warning disable CA1031 // Whatever it is, it is in the log.
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogNotMeasured(failure, source.GetType().Name);
        }
    }

    private void Evaluate(CloudWatchService alarms)
    {
        try
        {
            alarms.EvaluateAlarms();
        }
        catch (IOException failure)
        {
            LogNotMeasured(failure, "alarms");
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Source} could not be measured")]
    private partial void LogNotMeasured(Exception failure, string source);
}
