namespace SyncStorage.Build.Project;

/// <summary>Brings the sources into the repository's format, or checks that they are in it.</summary>
public sealed class Formatting(DotNet dotnet)
{
    public Task RunAsync(bool check, CancellationToken cancellationToken) =>
        dotnet.EnsureAsync(["format", ProjectBuild.Solution, .. check ? (string[])["--verify-no-changes"] : []], cancellationToken);
}
