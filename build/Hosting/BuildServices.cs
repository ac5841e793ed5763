using Cake.Cli;
using Cake.Core;
using Cake.Core.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using SyncStorage.Build.Containers;
using SyncStorage.Build.Project;
using SyncStorage.Pipeline;
using SyncStorage.Pipeline.Bundles;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Build.Hosting;

/// <summary>What tasks and lifetimes are given. Nothing here is loaded or started before a task asks for it.</summary>
internal static class BuildServices
{
    public static IServiceCollection AddBuild(
        this IServiceCollection services, IAnsiConsole console, Repository repository, CommandLine commandLine, Outcome outcome)
    {
        // Resolved here, before the engine changes the current folder.
        var environmentFile = commandLine.EnvironmentFile;
        return services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(console)
            .AddSingleton(repository)
            .AddSingleton(outcome)
            .AddSingleton<StagesAhead>()
            .AddSingleton<IConsole, EngineConsole>()
            .AddSingleton<ICakeLog, ConsoleLog>()
            .AddSingleton<ICakeReportPrinter, EngineReport>()
            .AddSingleton<IVersionResolver, ProductVersion>()
            .AddSingleton<DotNet>()
            .AddSingleton<ProjectBuild>()
            .AddSingleton<TestPrograms>()
            .AddSingleton<TestRun>()
            .AddSingleton<Formatting>()
            .AddSingleton<Benchmarks>()
            .AddSingleton<Resilience>()
            .AddSingleton<Overview>()
            .AddSingleton<LocalCloudSession>()
            .AddSingleton<ContainerTools>()
            .AddSingleton<IContainerImages, CakeContainerImages>()
            .AddPipeline(
                commandLine.RunOptions(repository),
                () => new SettingsLoader(repository.At("pipeline", "environments")).Load(environmentFile, commandLine.AllOf(Options.Set)),
                repository.OutputOf("src", "LocalCloud"));
    }
}
