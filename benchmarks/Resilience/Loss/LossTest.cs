using System.Diagnostics;
using Spectre.Console;
using SyncStorage.Resilience.Harness;

namespace SyncStorage.Resilience.Loss;

/// <summary>One path under load.</summary>
/// <param name="Path">What was deployed.</param>
/// <param name="Deployments">How many deployments ran while the clients did.</param>
/// <param name="Requests">How many requests the clients sent.</param>
/// <param name="Slow">How many of them took a second or more on purpose, sending or taking their megabytes bit by bit.</param>
/// <param name="Failed">Requests that failed, writes that got lost, timestamps that did not grow.</param>
/// <param name="SlowestMilliseconds">The slowest request.</param>
/// <param name="Seconds">How long it all took.</param>
internal sealed record LossRow(string Path, int Deployments, int Requests, int Slow, int Failed, double SlowestMilliseconds, double Seconds);

/// <summary>Deployments of every sort, while Sync clients write and read through the load balancer: nothing may be lost.</summary>
internal static class LossTest
{
    private const int SlowClients = 3;

    private static readonly string[] Hostnames = ["sync0.localhost", "sync1.localhost", "sync2.localhost", "sync3.localhost"];

    /// <summary>Runs every path until it has had its requests; 1 if anything was lost.</summary>
    public static Task<int> RunAsync(Arguments arguments) => RunAsync(arguments, LossPath.All, "loss-test.json", "Loss-Test", https: false);

    /// <summary>Rotates instead of deploying, behind a load balancer that shows a certificate.</summary>
    public static Task<int> RotateAsync(Arguments arguments) => RunAsync(arguments, LossPath.Rotations, "rotation.json", "Rotation-Test", https: true);

    private static async Task<int> RunAsync(Arguments arguments, IReadOnlyList<LossPath> paths, string file, string target, bool https)
    {
        var requests = arguments.Number("requests", 20_000);
        using var bundles = new Bundles(CancellationToken.None);
        using var checkout = new CheckoutCopy();

        // Ends before the checkout does that it may have come to run from.
        await using var cluster = new Cluster(https: https);
        await cluster.ExpectAsync(0, "Deploy");
        var stage = new LossStage(cluster, bundles, checkout);
        var rows = new List<LossRow>();
        foreach (var path in paths)
        {
            AnsiConsole.MarkupLineInterpolated($"{path.Name} …");
            rows.Add(await UnderLoadAsync(stage, path, requests, pace: TimeSpan.Zero));
        }

        var table = new Table().AddColumns("path", "deployments", "requests", "slow", "failed", "slowest", "seconds");
        foreach (var row in rows) table.AddRow(row.Path, $"{row.Deployments}", $"{row.Requests}", $"{row.Slow}", $"{row.Failed}", $"{row.SlowestMilliseconds:0} ms", $"{row.Seconds:0}");
        AnsiConsole.Write(table);
        await Results.SaveAsync(file, $"./build.sh --target={target} --requests={requests}", rows);
        return rows.TrueForAll(row => row.Failed == 0) ? 0 : 1;
    }

    /// <summary>Runs one path again and again until the clients have sent their requests.</summary>
    /// <param name="stage">Where.</param>
    /// <param name="path">What is deployed.</param>
    /// <param name="requests">How many.</param>
    /// <param name="pace">How long each client waits between two of its requests.</param>
    public static async Task<LossRow> UnderLoadAsync(LossStage stage, LossPath path, int requests, TimeSpan pace)
    {
        var started = Stopwatch.GetTimestamp();
        await path.PrepareAsync(stage);
        await using var traffic = await Traffic.StartAsync(stage.Cluster, Hostnames, clientsPerHost: 4, pace, slow: SlowClients, follows: true);
        var deployments = 0;
        do
        {
            await path.DeployAsync(stage, deployments++);
        }
        while (traffic.Requests < requests);

        await traffic.StopAndVerifyAsync();
        foreach (var failure in traffic.Failures.Take(20)) AnsiConsole.MarkupLineInterpolated($"  {failure}");
        return new LossRow(path.Name, deployments, traffic.Requests, traffic.SlowRequests, traffic.Failures.Count, Math.Round(traffic.Slowest.TotalMilliseconds), Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1));
    }
}
