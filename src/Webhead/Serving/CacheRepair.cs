namespace SyncStorage.Webhead.Serving;

/// <summary>
/// Clears from the cache what was written to while it was out of reach: looks every second, and at once when the cache has come back,
/// since it is not believed before.
/// </summary>
internal sealed class CacheRepair(ServingStateHolder serving, TimeProvider time) : BackgroundService
{
    private const int TicksBetweenLooks = 20;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        for (var tick = 0; await timer.WaitForNextTickAsync(stoppingToken); tick++)
        {
            foreach (var host in serving.Current?.Hosts ?? [])
            {
                // Not waited for: a database that hangs must not keep the others' users from the cache.
                if (host.Storage.CacheIsInDoubt || tick % TicksBetweenLooks == 0) _ = host.Storage.RepairAsync(stoppingToken);
            }
        }
    }
}
