using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SyncStorage.LocalCloud.Processes;

internal static class ProcessHostExtensions
{
    /// <summary>Adds the one <see cref="IProcessHost"/>.</summary>
    public static IServiceCollection AddProcessHost(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IProcessHost, ProcessHost>();
        return services;
    }
}
