using Cake.Cli;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using SyncStorage.Build.Project;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Build.Hosting;

/// <summary>The composition root: puts everything together and runs it.</summary>
internal static class BuildHost
{
    /// <returns>The process's exit code.</returns>
    public static int Run(IReadOnlyList<string> args, IAnsiConsole console)
    {
        using var interruption = new Interruption(console);
        var outcome = new Outcome(interruption.Token);
        CommandLine commandLine;
        try
        {
            commandLine = CommandLine.Parse(args, TargetCatalog.Names);
        }
        catch (PipelineException failure)
        {
            console.WriteFailure(failure, trace: false);
            return failure.Code.ExitCodeOf();
        }

        var repository = Repository.Find();
        var hostCode = Host(console, repository, commandLine, outcome, interruption.Token).Run(commandLine.EngineArguments);
        if (commandLine.Help)
            new Overview(console, repository).PrintOptions(Options.All.Where(option => !option.Engine));
        if (outcome.Failure is { } failed)
            console.WriteFailure(failed, trace: commandLine.Traces);
        if (outcome.LastLine is { } lastLine)
            console.WriteLine(lastLine);
        return outcome.ExitCodeOf(hostCode);
    }

    private static CakeHost Host(
        IAnsiConsole console, Repository repository, CommandLine commandLine, Outcome outcome, CancellationToken interrupted) =>
        CakeHost.Create()
            .AddAssembly(typeof(BuildHost).Assembly)
            .UseWorkingDirectory(repository.Root)
            .UseLifetime<DeployLifetime>()
            .ConfigureServices(services => services
                .AddSingleton(TimeProvider.System)
                .AddSingleton(console)
                .AddSingleton(repository)
                .AddSingleton(commandLine)
                .AddSingleton(outcome)
                .AddSingleton<IFrostingContext>(provider =>
                    new DeployContext(provider.GetRequiredService<ICakeContext>(), commandLine, interrupted))
                .AddSingleton<IConsole, EngineConsole>()
                .AddSingleton<ICakeLog, ConsoleLog>()
                .AddSingleton<IVersionResolver, ProductVersion>()
                .AddSingleton<DotNet>()
                .AddSingleton<ProjectBuild>()
                .AddSingleton<TestRun>()
                .AddSingleton<Formatting>()
                .AddSingleton<Benchmarks>()
                .AddSingleton<Overview>());
}
