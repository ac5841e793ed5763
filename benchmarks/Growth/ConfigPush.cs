using System.Diagnostics;
using System.Text.Json.Nodes;
using SyncStorage.Resilience.Harness;

namespace SyncStorage.Growth;

/// <summary>How long a change of configuration takes until every webhead of a large fleet has it.</summary>
internal static class ConfigPush
{
    private const int Rounds = 5;
    private const double LongestSeconds = 5;

    /// <summary>Deploys a fleet, changes the configuration several times, and asks each webhead afterwards.</summary>
    public static async Task<IReadOnlyList<GrowthRow>> MeasureAsync(int webheads)
    {
        await using var cluster = new Cluster { LongestRun = TimeSpan.FromMinutes(20) };

        // So many real webheads start at the same time that this machine, not the cloud, takes its time. At the cloud's pace each would be probed ten times a second:
        // that alone is more than two cores have to give.
        string[] fleet =
        [
            "--set", $"webheads.count={webheads}", "--set", $"rollout.batchSize={webheads}",
            "--set", "dbnodes[0].instanceClass=db.r6g.large", "--set", "dbnodes[1].instanceClass=db.r6g.large", "--set", "rollout.gateTimeoutSeconds=300",
            "--set", "loadBalancer.healthCheck.intervalSeconds=300",
            "--set", "rollout.inServiceTimeoutSeconds=120", "--set", "waits.instanceSeconds=300", "--set", "waits.commandSeconds=120",
        ];
        await cluster.ExpectAsync(0, "Deploy", fleet);
        List<string> addresses;
        using (var cloud = new CloudView(cluster)) addresses = [.. (await cloud.WebheadsAsync()).Select(webhead => webhead.Address)];
        var (pushes, runs) = (new List<double>(), new List<double>());
        for (var round = 1; round <= Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            await cluster.ExpectAsync(0, "Publish-Config", [.. fleet, "--exclusive", "--set", $"webheads.quotaMiB={1000 + round}"]);
            runs.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            pushes.Add((double)cluster.LastReport["stages"]!.AsArray().Single(stage => (string?)stage!["name"] == "Publish-Config")!["seconds"]!);
            await RequireAsync(addresses, webheads, version: round + 1);
        }

        var of = $"{webheads} webheads, {Rounds} changes";
        return
        [
            new("configuration push, from its first call until every webhead tells the new version: the slowest", Math.Round(pushes.Max(), 2), LongestSeconds, "s", of),
            new("the median", Math.Round(pushes.Order().ElementAt(Rounds / 2), 2), LongestSeconds, "s", of),
            new("the median of the whole run, from command to exit", Math.Round(runs.Order().ElementAt(Rounds / 2), 2), 2 * LongestSeconds, "s", of),
        ];
    }

    // On the webheads themselves, whatever the pipeline says.
    private static async Task RequireAsync(IReadOnlyList<string> addresses, int webheads, int version)
    {
        if (addresses.Count != webheads) throw new HarnessException($"{addresses.Count} webheads, not {webheads}.");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        foreach (var address in addresses)
        {
            var heartbeat = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://{address}:8000/__heartbeat__")))!;
            if ((int?)heartbeat["configuration"] != version) throw new HarnessException($"{address} has configuration {heartbeat["configuration"]}, not {version}.");
        }
    }
}
