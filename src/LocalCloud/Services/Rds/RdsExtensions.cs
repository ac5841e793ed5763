using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>Composition.</summary>
internal static class RdsExtensions
{
    /// <summary>Adds RDS on MariaDB. Needs the process host, the address pool and the security group directory.</summary>
    public static IServiceCollection AddRds(this IServiceCollection services) => services
        .AddSingleton<IDatabaseEngine, MariaDbEngine>()
        .AddSingleton<RdsService>()
        .AddSingleton<IMetricSource, DatabaseMetrics>()
        .AddSingleton<IBreakable>(provider => provider.GetRequiredService<RdsService>())
        .AddSingleton<IAwsService>(provider => provider.GetRequiredService<RdsService>());
}
