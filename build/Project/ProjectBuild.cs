namespace SyncStorage.Build.Project;

/// <summary>Compiles everything.</summary>
public sealed class ProjectBuild(DotNet dotnet)
{
    public const string Solution = "SyncStorage.slnx";
    public const string Configuration = "Release";

    public Task RunAsync(CancellationToken cancellationToken) =>
        dotnet.EnsureAsync(["build", Solution, "-c", Configuration, "-v", "quiet", "-clp:NoSummary"], cancellationToken);
}
