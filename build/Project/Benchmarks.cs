using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Build.Project;

/// <summary>Runs the benchmarks; each leaves its last results beside it.</summary>
public sealed class Benchmarks(DotNet dotnet, Repository repository)
{
    /// <summary>Runs those whose folder's name the filter has; <c>*</c> is all.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.FileSystem"/>: there is none of that name.</exception>
    public async Task RunAsync(string filter, CancellationToken cancellationToken)
    {
        var projects = Find();
        var chosen = projects.Where(project => filter == "*" || Name(project).Contains(filter, StringComparison.OrdinalIgnoreCase)).ToList();
        if (chosen.Count == 0)
            throw new PipelineException(ErrorCode.FileSystem, $"No benchmark's name has \"{filter}\": {string.Join(", ", projects.Select(Name))}.");

        foreach (var project in chosen)
            await dotnet.EnsureAsync(["run", "--project", project, "-c", ProjectBuild.Configuration], cancellationToken);
    }

    private IReadOnlyList<string> Find() => Directory.Exists(repository.At("benchmarks"))
        ? [.. Directory.GetFiles(repository.At("benchmarks"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
        : [];

    private static string Name(string project) => Path.GetFileName(Path.GetDirectoryName(project)!);
}
