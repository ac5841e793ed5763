using System.Diagnostics;
using System.Text.Json.Nodes;

namespace SyncStorage.Deployments;

/// <summary>A clone of the repository's last commit in an empty folder, with a cluster and ports of its own.</summary>
internal sealed class FreshClone : IAsyncDisposable
{
    private const int LocalCloudPort = 4611;
    private const int LoadBalancerPort = 8091;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("syncstorage-benchmark-");

    public static async Task<FreshClone> OfAsync(string repository)
    {
        var clone = new FreshClone();
        await RunAsync("git", ["clone", "--quiet", repository, clone.folder.FullName], repository);
        return clone;
    }

    /// <summary>Deploys, as a newcomer would; gives how long the command took, and its report.</summary>
    public async Task<(TimeSpan Elapsed, JsonNode Report)> DeployAsync(string setting)
    {
        var started = Stopwatch.GetTimestamp();
        await BuildAsync("Deploy", "--set", setting);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var report = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "artifacts", "deploy", "report.json"));
        return (elapsed, JsonNode.Parse(report)!);
    }

    public Task DestroyAsync() => BuildAsync("Destroy", "--approve=sync2");

    public long LocalCloudResidentBytes()
    {
        var endpoint = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullName, ".localcloud", "endpoint.json")))!;
        using var process = Process.GetProcessById((int)endpoint["pid"]!);
        return process.WorkingSet64;
    }

    public async ValueTask DisposeAsync()
    {
        await BuildAsync("Local-Cloud-Stop");
        folder.Delete(recursive: true);
    }

    private Task BuildAsync(string target, params string[] arguments) => RunAsync(
        Path.Combine(folder.FullName, "build.sh"),
        [$"--target={target}", "--set", $"localCloud.port={LocalCloudPort}", "--set", $"loadBalancer.port={LoadBalancerPort}", .. arguments], folder.FullName);

    private static async Task RunAsync(string program, IEnumerable<string> arguments, string workingDirectory)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = workingDirectory })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
