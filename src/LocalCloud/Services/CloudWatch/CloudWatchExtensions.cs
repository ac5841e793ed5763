using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.CloudWatch.Collecting;
using SyncStorage.LocalCloud.Services.CloudWatch.Metrics;

namespace SyncStorage.LocalCloud.Services.CloudWatch;

/// <summary>Composition.</summary>
internal static class CloudWatchExtensions
{
    /// <summary>Adds CloudWatch, and the looks at what other services' data planes do.</summary>
    public static IServiceCollection AddCloudWatch(this IServiceCollection services) => services
        .AddSingleton<MetricStore>()
        .AddSingleton<IMetricSink>(provider => provider.GetRequiredService<MetricStore>())
        .AddSingleton<MetricCollector>()
        .AddSingleton<CloudWatchService>()
        .AddSingleton<IAwsService>(provider => provider.GetRequiredService<CloudWatchService>());
}
