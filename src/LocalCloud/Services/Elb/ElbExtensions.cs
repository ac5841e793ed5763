using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>Composition.</summary>
internal static class ElbExtensions
{
    /// <summary>Adds the classic load balancer. Needs the instance and security group directories, and CloudWatch.</summary>
    public static IServiceCollection AddLoadBalancing(this IServiceCollection services) =>
        services.AddSingleton<ElbService>().AddSingleton<IMetricSource, HealthMetrics>().AddSingleton<ILoadBalancerNames>(provider => provider.GetRequiredService<ElbService>())
            .AddSingleton<IAwsService>(provider => provider.GetRequiredService<ElbService>());
}
