using SyncStorage.Build.Hosting;

namespace SyncStorage.Build.Project;

/// <summary>Runs what tries deployments out: under load, killed, on a cloud that fails. Each leaves its table in <c>benchmarks/results</c>.</summary>
public sealed class Resilience(DotNet dotnet, Repository repository)
{
    /// <summary>Runs one of its commands; a finding is a failure.</summary>
    public Task RunAsync(string command, IEnumerable<string> options, CancellationToken cancellationToken) => dotnet.EnsureAsync(
        ["run", "--project", repository.At("benchmarks", "Resilience", "Resilience.csproj"), "-c", ProjectBuild.Configuration, "--", command, .. options], cancellationToken);
}
