using Microsoft.Extensions.DependencyInjection.Extensions;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Processes;
using SyncStorage.LocalCloud.Services.Ec2.Faults;
using SyncStorage.LocalCloud.Services.Ec2.Images;
using SyncStorage.LocalCloud.Services.Ec2.Machines;

namespace SyncStorage.LocalCloud.Services.Ec2;

internal static class Ec2Extensions
{
    /// <summary>
    /// Adds EC2 with what it is to other services. Needs <see cref="CloudContext"/>, <see cref="IAddressPool"/>,
    /// <see cref="ICredentialStore"/> and logging.
    /// </summary>
    public static IServiceCollection AddEc2(this IServiceCollection services)
    {
        services.AddProcessHost();
        services.TryAddSingleton<InstanceFaults>();
        services.TryAddSingleton<IInstanceFaults>(provider => provider.GetRequiredService<InstanceFaults>());
        services.TryAddSingleton<IBaseImages, BaseImages>();
        services.TryAddSingleton<InstanceRuntime>();
        services.TryAddSingleton<IInstanceRuntime>(provider => provider.GetRequiredService<InstanceRuntime>());
        services.TryAddSingleton<IInstanceShells>(provider => provider.GetRequiredService<InstanceRuntime>());
        services.AddSingleton<IMetricSource, InstanceMetrics>();
        services.TryAddSingleton<Ec2Service>();
        services.TryAddSingleton<IInstanceDirectory>(provider => provider.GetRequiredService<Ec2Service>());
        services.TryAddSingleton<ISecurityGroupDirectory>(provider => provider.GetRequiredService<Ec2Service>());
        services.TryAddSingleton<IInstanceQueries>(provider => provider.GetRequiredService<Ec2Service>());
        services.AddSingleton<IAwsService>(provider => provider.GetRequiredService<Ec2Service>());
        return services;
    }
}
