namespace SyncStorage.Webhead.Serving;

/// <summary>Once the cache is back, clears what was written to while it was out of reach.</summary>
internal sealed class CacheRepair(ServingStateHolder serving, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var host in serving.Current?.Hosts ?? []) await host.Storage.RepairAsync(stoppingToken);
        }
    }
}
