using Cake.Cli;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using SyncStorage.Build.Project;
using SyncStorage.Pipeline;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

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
            console.WriteFailure(failure, GitHubLog.OfThisJob(console.Profile.Out.Writer));
            return failure.Code.ExitCodeOf();
        }

        var repository = Repository.Find();
        var hostCode = Host(console, repository, commandLine, outcome, interruption.Token).Run(commandLine.EngineArguments);
        if (commandLine.Help)
            new Overview(console, repository).PrintOptions(Options.All.Where(option => !option.Engine));
        Conclude(console, commandLine, outcome);
        return outcome.ExitCodeOf(hostCode);
    }

    private static void Conclude(IAnsiConsole console, CommandLine commandLine, Outcome outcome)
    {
        if (outcome.Failure is { } failure)
        {
            console.WriteFailure(failure, GitHubLog.OfThisJob(console.Profile.Out.Writer));
            if (commandLine.Traces)
                console.WriteLine((failure.InnerException ?? failure).ToString());
        }
        else
        {
            foreach (var error in outcome.EngineErrors)
                console.MarkupLineInterpolated($"[red]{error}[/]");
        }

        if (outcome.Report is { } report)
            console.MarkupLineInterpolated($"[grey]report: {report}[/]");
        if (outcome.LastLine is { } lastLine)
            console.WriteLine(lastLine);
    }

    private static CakeHost Host(
        IAnsiConsole console, Repository repository, CommandLine commandLine, Outcome outcome, CancellationToken interrupted)
    {
        // Resolved here, before the engine changes the current folder.
        var environmentFile = commandLine.EnvironmentFile;
        return CakeHost.Create()
            .AddAssembly(typeof(BuildHost).Assembly)
            .UseWorkingDirectory(repository.Root)
            .UseLifetime<DeployLifetime>()
            .UseTaskLifetime<StageLifetime>()
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
                .AddSingleton<ICakeReportPrinter, EngineReport>()
                .AddSingleton<IVersionResolver, ProductVersion>()
                .AddSingleton<DotNet>()
                .AddSingleton<ProjectBuild>()
                .AddSingleton<TestRun>()
                .AddSingleton<Formatting>()
                .AddSingleton<Benchmarks>()
                .AddSingleton<Overview>()
                .AddSingleton<LocalCloudSession>()
                .AddPipeline(
                    commandLine.RunOptions(repository),
                    () => new SettingsLoader(repository.At("pipeline", "environments")).Load(environmentFile, commandLine.AllOf(Options.Set)),
                    repository.OutputOf("src", "LocalCloud")));
    }
}
