using Spectre.Console;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Local;

namespace SyncStorage.Build.Project;

/// <summary>
/// Runs every test project. The deployments run beside all the others: where one waits, the other computes. These run one after the other: some measure time
/// against limits of seconds.
/// </summary>
public sealed class TestRun(
    DotNet dotnet, ProjectBuild build, Prerequisites prerequisites, TestPrograms programs, Repository repository, IAnsiConsole console, Outcome outcome)
{
    private const string Deployments = "EndToEnd.Tests";

    /// <param name="filter">An expression of the test platform; null for all tests.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.TestsFailed"/>: a test failed, or none ran.</exception>
    public async Task RunAsync(string? filter, CancellationToken cancellationToken)
    {
        outcome.LastLine = LastLine([]);
        await InstallAsync(cancellationToken);

        // Installing waits for the network and the disk mostly, and building for the processors.
        var installed = Environment.GetEnvironmentVariable("CI") is "true" or "1" ? programs.InstallAsync(cancellationToken) : Task.CompletedTask;
        await Task.WhenAll(build.RunAsync(cancellationToken), installed);

        var folder = FreshFolder();
        var code = (await Task.WhenAll(Lanes().Select(projects => RunAsync(projects, folder, filter, cancellationToken)))).FirstOrDefault(failed => failed != 0);

        var results = Directory.GetFiles(folder, "*.trx").Select(TestResults.Read)
            .OrderBy(result => result.Project, StringComparer.Ordinal).ToList();
        Print(results);
        outcome.LastLine = LastLine(results);
        Judge(results, code);
    }

    private IEnumerable<List<string>> Lanes() =>
        from project in Directory.GetFiles(repository.At("tests"), "*.Tests.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        group project by Path.GetFileNameWithoutExtension(project) == Deployments into lane
        select lane.ToList();

    /// <returns>The exit code of one that failed; 0 if none did.</returns>
    private async Task<int> RunAsync(List<string> projects, string folder, string? filter, CancellationToken cancellationToken)
    {
        var failed = 0;
        foreach (var project in projects)
        {
            var code = await dotnet.RunAsync(
                [
                    "test", project, "-c", ProjectBuild.Configuration, "--no-build",
                    "--results-directory", folder, "--logger", $"trx;LogFileName={Path.GetFileNameWithoutExtension(project)}.trx", "--logger", "console;verbosity=minimal",
                    .. filter is null ? (string[])[] : ["--filter", filter],
                ],
                cancellationToken);
            if (code != 0)
                failed = code;
        }

        return failed;
    }

    /// <summary>The line that ends the whole output, for machines to read.</summary>
    internal static string LastLine(IReadOnlyCollection<TestResults> results)
    {
        var skipped = results.Sum(result => result.Skipped);
        return $"{results.Sum(result => result.Passed)} passed, {results.Sum(result => result.Failed)} failed"
            + (skipped == 0 ? "" : $", {skipped} skipped");
    }

    internal static void Judge(IReadOnlyCollection<TestResults> results, int code)
    {
        var failed = results.Sum(result => result.Failed);
        if (failed > 0)
            throw new PipelineException(ErrorCode.TestsFailed, $"Tests failed: {failed}.");
        if (results.Sum(result => result.Passed) == 0)
            throw new PipelineException(ErrorCode.TestsFailed, "No test ran.");
        if (code != 0)
            throw new PipelineException(ErrorCode.TestsFailed, $"dotnet test ended with {code}, though no test is known to have failed; see its output above.");
    }

    /// <summary>Most tests need neither database nor cache: without them they still run, and those that do need them say so.</summary>
    private async Task InstallAsync(CancellationToken cancellationToken)
    {
        try
        {
            await prerequisites.EnsureAsync(cancellationToken);
        }
        catch (PipelineException missing) when (missing.Code is ErrorCode.MissingProgram)
        {
            console.MarkupLineInterpolated($"[yellow]{missing.Message}[/] {missing.Hint}");
        }
    }

    private string FreshFolder()
    {
        var folder = repository.At("artifacts", "tests");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        return Directory.CreateDirectory(folder).FullName;
    }

    private void Print(List<TestResults> results)
    {
        console.WriteLine();
        foreach (var result in results.Where(result => result.Passed + result.Skipped + result.Failed > 0))
        {
            console.WriteLine($"{result.Project}: {LastLine([result])}");
            foreach (var (test, reason) in result.SkippedTests)
                console.MarkupLineInterpolated($"  [yellow]skipped[/] {test}: {reason}");
            foreach (var failure in result.Failures)
            {
                console.MarkupLineInterpolated($"  [red]failed[/] {failure.Test}");
                foreach (var line in $"{failure.Message}\n{failure.StackTrace}".Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    console.WriteLine($"    {line.TrimEnd()}");
            }
        }
    }
}
