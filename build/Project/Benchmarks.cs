using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Build.Project;

/// <summary>Runs the benchmarks; each leaves its last results beside it.</summary>
public sealed class Benchmarks(DotNet dotnet, Repository repository)
{
    public async Task RunAsync(string filter, CancellationToken cancellationToken)
    {
        var projects = Directory.Exists(repository.At("benchmarks"))
            ? Directory.GetFiles(repository.At("benchmarks"), "*.csproj", SearchOption.AllDirectories)
            : [];
        if (projects.Length == 0)
            throw new PipelineException(ErrorCode.FileSystem, "There is no benchmark project in benchmarks/.");

        foreach (var project in projects.Order(StringComparer.Ordinal))
            await dotnet.EnsureAsync(
                ["run", "--project", project, "-c", ProjectBuild.Configuration, "--", "--filter", filter], cancellationToken);
    }
}
