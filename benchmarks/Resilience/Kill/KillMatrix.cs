using System.Diagnostics;
using Spectre.Console;
using SyncStorage.Resilience.Harness;
using SyncStorage.Resilience.Loss;

namespace SyncStorage.Resilience.Kill;

/// <summary>One killed deployment.</summary>
/// <param name="Scenario">Which sort of deployment.</param>
/// <param name="Call">The call that it was killed at, by number and name.</param>
/// <param name="When">When, at that call.</param>
/// <param name="Outcome"><c>converged</c>, or what was wrong after the second run.</param>
/// <param name="Seconds">How long the second run took.</param>
internal sealed record KillRow(string Scenario, string Call, Moment When, string Outcome, double Seconds)
{
    public bool Converged => Outcome == "converged";
}

/// <summary>Kills deployments at each of their calls that change something, runs them again, and compares what there is then.</summary>
internal static class KillMatrix
{
    private static readonly string[] Hostnames = ["sync0.localhost", "sync2.localhost"];

    /// <summary>Runs all scenarios, every <c>--every</c>th call; 1 if one did not converge.</summary>
    public static async Task<int> RunAsync(Arguments arguments)
    {
        var every = arguments.Number("every", 1);
        var rows = new List<KillRow>();
        foreach (var scenario in KillScenario.All.Where(scenario => arguments.Text("scenario") is not { } name || name == scenario.Name))
        {
            await foreach (var row in RunAsync(scenario, every))
            {
                rows.Add(row);
                AnsiConsole.MarkupLineInterpolated($"{row.Scenario} {row.Call} {row.When}: {row.Outcome} ({row.Seconds:0.0} s)");
            }
        }

        var table = new Table().AddColumns("scenario", "killed", "converged", "slowest second run");
        foreach (var group in rows.GroupBy(row => row.Scenario)) table.AddRow(group.Key, $"{group.Count()}", $"{group.Count(row => row.Converged)}", $"{group.Max(row => row.Seconds):0.0} s");
        AnsiConsole.Write(table);
        await Results.SaveAsync("kill-matrix.json", every == 1 ? "./build.sh --target=Kill-Matrix" : $"./build.sh --target=Kill-Matrix --every={every}", rows);
        return rows.TrueForAll(row => row.Converged) ? 0 : 1;
    }

    /// <summary>Runs one scenario, undisturbed first, then killed at every <paramref name="every"/>th call.</summary>
    public static IAsyncEnumerable<KillRow> RunAsync(KillScenario scenario, int every) => scenario.Serves ? OnOneClusterAsync(scenario, every) : OnFreshClustersAsync(scenario, every);

    private static async IAsyncEnumerable<KillRow> OnFreshClustersAsync(KillScenario scenario, int every)
    {
        IReadOnlyList<string> calls, expected;
        await using (var cluster = new Cluster())
        {
            await cluster.StartCloudAsync();
            calls = await UndisturbedAsync(cluster, scenario, 0);
            using var world = new World(cluster);
            expected = await world.ReadAsync();
        }

        foreach (var (at, when) in Cases(calls.Count, every))
        {
            await using var cluster = new Cluster();
            await cluster.StartCloudAsync();
            yield return await KillAsync(cluster, scenario, 0, (at, when), expected);
        }
    }

    private static async IAsyncEnumerable<KillRow> OnOneClusterAsync(KillScenario scenario, int every)
    {
        await using var cluster = new Cluster();
        await LossTest.ExpectAsync(cluster, 0, "Deploy", Cluster.QuickLease);

        // What there is at the end depends on whether a case's number is even, and on nothing else.
        using var world = new World(cluster);
        var calls = await UndisturbedAsync(cluster, scenario, 0);
        var even = await world.ReadAsync();
        await LossTest.ExpectAsync(cluster, 0, scenario.Target, scenario.Arguments(1));
        var odd = await world.ReadAsync();
        var number = 2;
        foreach (var place in Cases(calls.Count, every))
        {
            await using var traffic = await Traffic.StartAsync(cluster, Hostnames, clientsPerHost: 1);
            var row = await KillAsync(cluster, scenario, number, place, number % 2 == 0 ? even : odd);
            await traffic.StopAndVerifyAsync();
            yield return traffic.Failures.Count == 0 ? row : row with { Outcome = $"{row.Outcome}; {traffic.Failures.Count} of {traffic.Requests} requests failed: {traffic.Failures.First()}" };
            number++;
        }
    }

    private static IEnumerable<(int At, Moment When)> Cases(int calls, int every)
    {
        for (var at = 1; at <= calls; at += every)
        {
            yield return (at, Moment.Before);
            yield return (at, Moment.Unanswered);
        }
    }

    /// <summary>The calls of a run that nothing happens to.</summary>
    private static async Task<IReadOnlyList<string>> UndisturbedAsync(Cluster cluster, KillScenario scenario, int number)
    {
        var (exitCode, output, calls) = await HookedAsync(cluster, scenario, number, (0, Moment.Before));
        return exitCode == 0 ? calls : throw new HarnessException($"{scenario.Target}, undisturbed, ended with {exitCode}:\n{output}");
    }

    private static async Task<(int ExitCode, string Output, IReadOnlyList<string> Calls)> HookedAsync(Cluster cluster, KillScenario scenario, int number, (int At, Moment When) place)
    {
        Process? process = null;
        await using var killer = await Killer.StartAsync(cluster, () => process = cluster.Start(scenario.Target, scenario.Arguments(number)), place.At, place.When);
        var output = await Cluster.OutputAsync(process!);
        using var control = new Control(cluster);
        await control.ClearAsync();
        var exitCode = process!.ExitCode;
        process.Dispose();
        return (exitCode, output, killer.Calls);
    }

    private static async Task<KillRow> KillAsync(Cluster cluster, KillScenario scenario, int number, (int At, Moment When) place, IReadOnlyList<string> expected)
    {
        var (exitCode, _, calls) = await HookedAsync(cluster, scenario, number, place);
        var call = $"{place.At} {(calls.Count >= place.At ? calls[place.At - 1] : "none any more")}";
        if (calls.Count < place.At) return new KillRow(scenario.Name, call, place.When, exitCode == 0 ? "converged" : $"undisturbed, and exit code {exitCode}", 0);

        var started = Stopwatch.GetTimestamp();
        var second = await cluster.RunAsync(scenario.Target, scenario.Arguments(number));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new KillRow(scenario.Name, call, place.When, await JudgeAsync(cluster, second, expected), seconds);
    }

    private static async Task<string> JudgeAsync(Cluster cluster, Run second, IReadOnlyList<string> expected)
    {
        if (second.ExitCode != 0) return $"exit code {second.ExitCode}: {second.Output[Math.Max(0, second.Output.Length - 1000)..]}";
        using var world = new World(cluster);
        var there = await world.ReadAsync();
        var (missing, more) = (Without(expected, there), Without(there, expected));
        if (missing.Count + more.Count > 0) return $"missing: [{string.Join("; ", missing)}] too much: [{string.Join("; ", more)}]";
        return await world.IsUnlockedAsync() ? "converged" : "the lock is still held";
    }

    /// <summary>What the first has more often than the second.</summary>
    private static List<string> Without(IReadOnlyList<string> lines, IReadOnlyList<string> others)
    {
        var rest = lines.ToList();
        foreach (var other in others) rest.Remove(other);
        return rest;
    }
}
