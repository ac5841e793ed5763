using SyncStorage.Webhead.Observability;
using SyncStorage.Webhead.Storage;

namespace SyncStorage.Webhead.Serving;

/// <summary>Purges every database about once an hour; at other times than the other webheads, and the first time not at the start.</summary>
internal sealed partial class PurgeService(ServingStateHolder serving, WebheadMetrics metrics, TimeProvider time, ILogger<PurgeService> log)
    : BackgroundService
{
    private const double Jitter = 0.4;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval * (1 - Jitter / 2 + Random.Shared.NextDouble() * Jitter), time, stoppingToken);

            // At once: one dbnode that hangs keeps no other from its purge.
            await Task.WhenAll((serving.Current?.Hosts ?? []).Select(host => PurgeAsync(host, stoppingToken)));
        }
    }

    private async Task PurgeAsync(VirtualHost host, CancellationToken cancellationToken)
    {
        var hostname = host.Origin.Host;
        try
        {
            var purged = await host.Storage.PurgeAsync(cancellationToken);
            metrics.PurgedItems.Add(purged.Items);
            metrics.PurgedBatches.Add(purged.Batches);
            if (purged is { Items: > 0 } or { Batches: > 0 }) LogPurged(hostname, purged.Items, purged.Batches);
        }
        catch (Exception exception) when (exception is DatabaseFailedException or WriteConflictException)
        {
            var reason = exception.Message;
            LogFailed(hostname, reason);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Purged {Hostname}: {Items} expired items, {Batches} abandoned batches")]
    private partial void LogPurged(string hostname, long items, long batches);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not purge {Hostname}: {Reason}")]
    private partial void LogFailed(string hostname, string reason);
}
