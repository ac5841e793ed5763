namespace SyncStorage.LocalCloud.Services.ElastiCache;

/// <summary>Composition.</summary>
internal static class ElastiCacheExtensions
{
    /// <summary>Adds ElastiCache on memcached. Needs the process host, the address pool and the security group directory.</summary>
    public static IServiceCollection AddElastiCache(this IServiceCollection services) => services
        .AddSingleton<ICacheEngine, MemcachedEngine>()
        .AddSingleton<ElastiCacheService>()
        .AddSingleton<IMetricSource, CacheMetrics>()
        .AddSingleton<IBreakable>(provider => provider.GetRequiredService<ElastiCacheService>())
        .AddSingleton<IAwsService>(provider => provider.GetRequiredService<ElastiCacheService>());
}
