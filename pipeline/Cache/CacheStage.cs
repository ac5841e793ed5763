using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Cache;

/// <summary>Ensure-Cache: the memcached cluster is available, as the settings say.</summary>
public sealed class CacheStage(CacheCluster cache, IProgress progress) : IPlannedStage
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken) => cache.PlanAsync(cancellationToken);

    /// <summary>Asks for what is missing, and waits.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!cache.IsNew) await cache.RequestAsync(cancellationToken);
        var available = await cache.WaitAvailableAsync(cancellationToken);
        progress.Found($"cache cluster {available.CacheClusterId} is available at {available.ConfigurationEndpoint.Address}:{available.ConfigurationEndpoint.Port}");
    }
}
