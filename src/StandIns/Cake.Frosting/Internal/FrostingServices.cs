using Cake.Cli;
using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.IO;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting.Internal;

/// <summary>What a run needs of the engine; a build's own registrations come after, and win.</summary>
internal static class FrostingServices
{
    public static void AddFrosting(this IServiceCollection services)
    {
        services.AddCakeDiagnostics().UseCakeDefaultModules();
        services.AddSingleton(ReadConfiguration);
        services.AddSingleton<BuildScriptHost<IFrostingContext>>();
        services.AddSingleton<DryRunScriptHost<IFrostingContext>>();
        services.AddSingleton<TreeScriptHost>();
        services.AddSingleton<DescriptionScriptHost>();
        services.AddSingleton<IVersionResolver, VersionResolver>();
        services.AddSingleton<ICakeVersionFeature, VersionFeature>();
        services.AddSingleton<ICakeInfoFeature, InfoFeature>();
        services.AddSingleton<IFrostingContext, FrostingContext>();
        services.AddSingleton<FrostingRunner>();
    }

    private static ICakeConfiguration ReadConfiguration(IServiceProvider provider)
    {
        var environment = provider.GetRequiredService<ICakeEnvironment>();
        var reader = new CakeConfigurationProvider(provider.GetRequiredService<IFileSystem>(), environment);
        return reader.CreateConfiguration(environment.WorkingDirectory, new Dictionary<string, string>());
    }
}
