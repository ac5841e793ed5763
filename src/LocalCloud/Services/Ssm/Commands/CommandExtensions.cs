using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SyncStorage.LocalCloud.Services.Ssm.Commands;

internal static class CommandExtensions
{
    /// <summary>Adds Systems Manager's commands. Needs EC2.</summary>
    public static IServiceCollection AddSsmCommands(this IServiceCollection services)
    {
        services.TryAddSingleton<CommandService>();
        services.AddSingleton<IAwsService>(provider => provider.GetRequiredService<CommandService>());
        return services;
    }
}
