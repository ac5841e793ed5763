using System.Diagnostics;
using System.Text.Json.Nodes;
using SyncStorage.Resilience.Harness;

namespace SyncStorage.Scale;

/// <summary>One rolling update of a fleet.</summary>
/// <param name="Webheads">How many there are.</param>
/// <param name="Limited">Whether AWS's request limits stood.</param>
/// <param name="Batches">In how many batches.</param>
/// <param name="Calls">Calls to AWS, without those of the next three.</param>
/// <param name="Commands">Calls that send a command to instances.</param>
/// <param name="Looks">Calls that look again, whether something is so or a command has ended: they grow with the time that is waited.</param>
/// <param name="State">Calls for the deployment's own records; the lock's renewals among them grow with time.</param>
/// <param name="Retries">Attempts that were refused or failed, and made again.</param>
/// <param name="Seconds">How long the deployment took.</param>
/// <param name="PipelineMegabytes">The most memory that the deployment's process had resident.</param>
/// <param name="LocalCloudMegabytes">What LocalCloud has resident at its end.</param>
internal sealed record FleetRow(
    int Webheads, bool Limited, int Batches, int Calls, int Commands, int Looks, int State, int Retries, double Seconds, double PipelineMegabytes, double LocalCloudMegabytes);

/// <summary>Deployments of fleets of any size.</summary>
internal static class FleetRun
{
    public const string OneType = "t3.medium";
    public const string OtherType = "t3.large";

    private const int Batches = 3;
    private static readonly TimeSpan MemoryInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Brings the cluster to a size.</summary>
    public static Task DeployAsync(Cluster cluster, int size, string type) => ExpectAsync(cluster, size, type);

    /// <summary>Rolls the whole fleet to another instance type, and measures.</summary>
    public static async Task<FleetRow> UpdateAsync(Cluster cluster, int size, string type, bool limited)
    {
        using var control = new Control(cluster);
        if (limited) await control.AddAsync("""{"kind": "token-buckets", "count": null}""");
        var started = Stopwatch.GetTimestamp();
        var memory = await ExpectAsync(cluster, size, type);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await control.ClearAsync();

        var calls = cluster.LastReport["apiCalls"]!;
        var operations = calls["byOperation"]!.AsArray();
        var commands = operations.Where(operation => (string?)operation!["operation"] == "SendCommand").Sum(operation => (int)operation!["count"]!);
        using var localCloud = Process.GetProcessById((int)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(cluster.StateDirectory, "endpoint.json")))!["pid"]!);
        return new FleetRow(
            size, limited, Batches,
            (int)calls["reading"]! - (int)calls["polls"]! + (int)calls["mutating"]!,
            commands,
            (int)calls["polls"]! + (int)calls["remote"]! - commands,
            (int)calls["state"]!,
            operations.Sum(operation => (int)operation!["retries"]!), seconds, memory / 1e6, localCloud.WorkingSet64 / 1e6);
    }

    /// <summary>Deploys, and gives the most memory that the deployment had.</summary>
    private static async Task<long> ExpectAsync(Cluster cluster, int size, string type)
    {
        using var process = cluster.Start("Deploy", Settings(size, type));
        var output = cluster.OutputAsync(process);
        long most = 0;
        while (await Task.WhenAny(output, Task.Delay(MemoryInterval, TimeProvider.System)) != output)
        {
            most = Math.Max(most, ResidentOf(process));
        }

        return process.ExitCode == 0 ? most : throw new HarnessException($"Deploy of {size} webheads ended with {process.ExitCode}:\n{await output}");
    }

    private static long ResidentOf(Process process)
    {
        try
        {
            process.Refresh();
            return process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            // It has just ended.
            return 0;
        }
    }

    private static string[] Settings(int size, string type) =>
    [
        "--set", $"webheads.count={size}", "--set", $"webheads.instanceType={type}", "--set", $"rollout.batchSize={(size + Batches - 1) / Batches}",
        "--set", "dbnodes[0].instanceClass=db.r6g.large", "--set", "dbnodes[1].instanceClass=db.r6g.large",

        // So many webheads start at the same time that this machine, not the cloud, takes its time.
        "--set", "rollout.gateTimeoutSeconds=300", "--set", "rollout.inServiceTimeoutSeconds=120", "--set", "waits.instanceSeconds=300", "--set", "waits.commandSeconds=300",
    ];
}
