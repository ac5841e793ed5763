using System.Runtime.CompilerServices;
using System.Text.Json;
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
        var kept = filter.Length == 0 ? [] : Results.Load(File)?["rows"].Deserialize<List<FaultRow>>(JsonSerializerOptions.Web) ?? [];
        using var stop = new StopSignals();
        try
        {
            await foreach (var row in RunAsync(asked, stop.Token))
            {
                rows.Add(row);
                AnsiConsole.MarkupLineInterpolated($"{rows.Count} of {asked.Count}: {row.Key}: {row.Outcome}, exit code {row.ExitCode} after {row.Seconds} s, converged after {row.ConvergedAfterSeconds} s");
                await SaveAsync(kept, rows);
            }
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            AnsiConsole.WriteLine("Stopped.");
        }

        var table = new Table().AddColumns("outcome", "cases");
        foreach (var group in rows.GroupBy(row => row.IsGood ? row.Outcome : "wrong")) table.AddRow(group.Key, $"{group.Count()}");
        AnsiConsole.Write(table);
        return rows.TrueForAll(row => row.IsGood) ? 0 : 1;
    }

    /// <summary>Runs cases: those of a first deployment fault by fault, those of fleets on one cluster, while it converges.</summary>
    private static async IAsyncEnumerable<FaultRow> RunAsync(IReadOnlyCollection<(Fault Fault, FaultStage Stage)> cases, [EnumeratorCancellation] CancellationToken stopping)
    {
        var ofFirst = cases.Where(one => FaultStage.First.Contains(one.Stage)).GroupBy(one => one.Fault, one => one.Stage).ToList();
        if (ofFirst.Count > 0)
        {
            var first = await FirstDeployment.UndisturbedAsync(stopping);
            foreach (var group in ofFirst)
                await foreach (var row in first.WalkAsync(group.Key, [.. group])) yield return row;
        }

        var ofFleets = new Queue<(Fault Fault, FaultStage Stage)>(cases.Where(one => FaultStage.OfFleets.Contains(one.Stage)));
        while (ofFleets.Count > 0)
        {
            await using var fleet = await ServingFleet.DeployAsync(stopping);
            for (var isSound = true; isSound && ofFleets.TryDequeue(out var one);)
            {
                var row = await fleet.HitAsync(one.Fault, one.Stage);
                yield return row;

                // What a case left that did not converge is no ground for the next.
                isSound = row.ConvergedAfterSeconds is not null;
            }
        }
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
