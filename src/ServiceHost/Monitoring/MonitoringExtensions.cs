using SyncStorage.ServiceHost.Observability;
using SyncStorage.ServiceHost.Settings;

namespace SyncStorage.ServiceHost.Monitoring;

/// <summary>Composition: sends figures and logs to CloudWatch, where the settings say so; else nothing of it is even loaded.</summary>
internal static class MonitoringExtensions
{
    /// <summary>Adds it, if it is wanted.</summary>
    public static void AddMonitoring(this WebApplicationBuilder builder, InstanceSettings settings, Func<IServiceProvider, IMonitoring>? sink = null)
    {
        if (settings.Monitoring is not { } monitoring || settings.AdminOnly) return;
        var services = builder.Services;
        services.AddSingleton<LogQueue>().AddSingleton<JsonLines>().AddSingleton<ILoggerProvider, QueueLoggerProvider>();
        services.AddSingleton(sink ?? (_ => new CloudWatchMonitoring(settings, monitoring)));
        services.AddSingleton(provider => new FigureCollector(
            provider.GetRequiredService<ServiceMetrics>(), provider.GetServices<IServiceFigures>(), new HostFigures("/proc", AppContext.BaseDirectory)));
        services.AddHostedService(provider => new MonitoringService(
            provider.GetRequiredService<IMonitoring>(), provider.GetRequiredService<LogQueue>(), provider.GetRequiredService<FigureCollector>(), monitoring.Interval,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<MonitoringService>>()));
    }
}
