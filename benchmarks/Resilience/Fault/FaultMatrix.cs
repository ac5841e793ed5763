using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using SyncStorage.Resilience.Harness;

namespace SyncStorage.Resilience.Fault;

/// <summary>Every fault in every stage that it can hit: a deployment ends wholly new, wholly old, or says that it is stuck; and the next one converges.</summary>
internal static class FaultMatrix
{
    private const string File = "fault-matrix.json";

    /// <summary>Every case: what goes wrong, and where.</summary>
    public static IReadOnlyList<(Fault Fault, FaultStage Stage)> Cases { get; } =
        [.. Fault.All.SelectMany(fault => FaultStage.First.Concat(FaultStage.OfFleets).Where(fault.Hits).Select(stage => (fault, stage)))];

    /// <summary>Runs the cases whose <c>fault/stage</c> contains <c>--filter</c>, or one of several with commas between; 1 if one is not as it must be.</summary>
    public static async Task<int> RunAsync(Arguments arguments)
    {
        var filter = arguments.Text("filter") ?? "";
        var words = filter.Split(',', StringSplitOptions.TrimEntries);
        var asked = Cases.Where(one => Array.Exists(words, word => $"{one.Fault.Name}/{one.Stage.Name}".Contains(word, StringComparison.OrdinalIgnoreCase))).ToList();
        if (asked.Count == 0) throw new ArgumentException($"There is no case like {filter}.");
        var rows = new List<FaultRow>();
        var kept = filter.Length == 0 ? [] : await KeptAsync();
        await foreach (var row in RunAsync(asked))
        {
            rows.Add(row);
            AnsiConsole.MarkupLineInterpolated($"{rows.Count} of {asked.Count}: {row.Key}: {row.Outcome}, exit code {row.ExitCode} after {row.Seconds} s, converged after {row.ConvergedAfterSeconds} s");
            await SaveAsync(kept, rows);
        }

        var table = new Table().AddColumns("outcome", "cases");
        foreach (var group in rows.GroupBy(row => row.IsGood ? row.Outcome : "wrong")) table.AddRow(group.Key, $"{group.Count()}");
        AnsiConsole.Write(table);
        return rows.TrueForAll(row => row.IsGood) ? 0 : 1;
    }

    /// <summary>Runs cases: those of a first deployment fault by fault, those of fleets on one cluster.</summary>
    public static async IAsyncEnumerable<FaultRow> RunAsync(IReadOnlyCollection<(Fault Fault, FaultStage Stage)> cases)
    {
        var ofFirst = cases.Where(one => FaultStage.First.Contains(one.Stage)).GroupBy(one => one.Fault, one => one.Stage).ToList();
        if (ofFirst.Count > 0)
        {
            var first = await FirstDeployment.UndisturbedAsync();
            foreach (var group in ofFirst)
                await foreach (var row in first.WalkAsync(group.Key, [.. group])) yield return row;
        }

        var ofFleets = cases.Where(one => FaultStage.OfFleets.Contains(one.Stage)).ToList();
        if (ofFleets.Count == 0) yield break;
        await using var fleet = await ServingFleet.DeployAsync();
        foreach (var (fault, stage) in ofFleets) yield return await fleet.HitAsync(fault, stage);
    }

    private static async Task<IReadOnlyList<FaultRow>> KeptAsync()
    {
        var path = Path.Combine(Cluster.Root, "benchmarks", "results", File);
        if (!System.IO.File.Exists(path)) return [];
        return JsonNode.Parse(await System.IO.File.ReadAllTextAsync(path))!["rows"].Deserialize<List<FaultRow>>(JsonSerializerOptions.Web)!;
    }

    /// <summary>A part's rows replace those of the last time, and leave the others.</summary>
    private static Task SaveAsync(IReadOnlyList<FaultRow> kept, IReadOnlyList<FaultRow> rows)
    {
        var order = Cases.Select((one, index) => (Key: $"{one.Fault.Name}/{one.Stage.Name}", index)).ToDictionary(one => one.Key, one => one.index);
        var fresh = rows.Select(row => row.Key).ToHashSet();
        List<FaultRow> all = [.. kept.Where(row => !fresh.Contains(row.Key) && order.ContainsKey(row.Key)).Concat(rows).OrderBy(row => order[row.Key])];
        return Results.SaveAsync(File, "./build.sh --target=Fault-Matrix", all);
    }
}
