using Cake.Core;
using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using SyncStorage.Build.Project;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;

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
        // That a plan has changes is an answer, and no failure: it has been printed.
        if (outcome.Failure is { Code: not ErrorCode.PlanHasChanges } failure)
        {
            console.WriteFailure(failure, GitHubLog.OfThisJob(console.Profile.Out.Writer));
            if (commandLine.Traces)
                console.WriteLine((failure.InnerException ?? failure).ToString());
        }
        else if (outcome.Failure is null)
        {
            foreach (var error in outcome.EngineErrors)
                console.MarkupLineInterpolated($"[red]{error}[/]");
        }

        if (outcome.Report is { } report)
            console.MarkupLineInterpolated($"[grey]report: {report}[/]");
        if (outcome.Answer is { } answer)
            Console.Out.WriteLine(answer);
        if (outcome.LastLine is { } lastLine)
            console.WriteLine(lastLine);
    }

    private static CakeHost Host(
        IAnsiConsole console, Repository repository, CommandLine commandLine, Outcome outcome, CancellationToken interrupted) =>
        CakeHost.Create()
            .AddAssembly(typeof(BuildHost).Assembly)
            .UseWorkingDirectory(repository.Root)
            .UseLifetime<DeployLifetime>()
            .UseTaskLifetime<StageLifetime>()
            .ConfigureServices(services => services
                .AddBuild(console, repository, commandLine, outcome)
                .AddSingleton<IFrostingContext>(provider =>
                    new DeployContext(provider.GetRequiredService<ICakeContext>(), commandLine, interrupted)));
}
