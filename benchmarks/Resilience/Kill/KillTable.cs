using System.Diagnostics;
using System.Text.Json;
using Spectre.Console;
using SyncStorage.Resilience.Harness;

namespace SyncStorage.Resilience.Kill;

/// <summary>The rows, printed and kept as they come, so that a matrix that was stopped can go on.</summary>
internal sealed class KillTable : IDisposable
{
    private const string File = "kill-matrix.json";

    private readonly SemaphoreSlim gate = new(1);
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly string? command;
    private readonly List<KillRow> rows = [];
    private string? commit;

    /// <summary>A table that is kept in <c>benchmarks/results</c>.</summary>
    /// <param name="every">Of how many calls one is killed at.</param>
    /// <param name="resume">Whether what is there already stays, if it is of the same sources.</param>
    public KillTable(int every, bool resume)
    {
        command = every == 1 ? "./build.sh --target=Kill-Matrix" : $"./build.sh --target=Kill-Matrix --every={every}";
        if (!resume || Results.Load(File) is not { } before) return;
        if (!Results.IsAsGood((string?)before["commit"]))
        {
            AnsiConsole.MarkupLineInterpolated($"The results there are of {(string?)before["commit"]}, other sources: all begins anew.");
            return;
        }

        rows.AddRange(before["rows"].Deserialize<List<KillRow>>(JsonSerializerOptions.Web)!.Where(row => row.Converged));
        AnsiConsole.MarkupLineInterpolated($"{rows.Count} cases are known already.");
    }

    /// <summary>The table that is kept, of whatever commit, to which rows are added that say of which they are.</summary>
    public static KillTable WithMore()
    {
        var before = Results.Load(File) ?? throw new HarnessException("There is no table yet: run the matrix without --calls first.");
        var table = new KillTable(every: 1, resume: false) { commit = (string?)before["commit"] };
        table.rows.AddRange(before["rows"].Deserialize<List<KillRow>>(JsonSerializerOptions.Web)!);
        return table;
    }

    /// <summary>A table that is not kept.</summary>
    public KillTable()
    {
    }

    public IReadOnlyList<KillRow> Rows => rows;

    public bool Has(KillCase one) => rows.Exists(row => row.Id == one.Id);

    /// <summary>Takes a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="left">How many cases of its scenario nobody has begun.</param>
    public async Task AddAsync(KillRow row, int left)
    {
        await gate.WaitAsync();
        try
        {
            rows.Add(row);
            AnsiConsole.MarkupLineInterpolated($"{clock.Elapsed:h\\:mm\\:ss} {row.Scenario} {row.Moment} {row.Place}: {row.Outcome} ({row.Seconds:0.0} s, {row.Requests} requests); {left} left");
            await SaveAsync();
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Prints the sums.</summary>
    /// <returns>Whether all converged.</returns>
    public async Task<bool> EndAsync()
    {
        var table = new Table().AddColumns("scenario", "how it ended", "cases", "converged", "over before", "slowest", "requests, none lost");
        foreach (var group in rows.GroupBy(row => (row.Scenario, row.Moment)))
        {
            table.AddRow(
                group.Key.Scenario, $"{group.Key.Moment}", $"{group.Count()}", $"{group.Count(row => row.Converged)}", $"{group.Count(row => row.Outcome == KillRow.WasOver)}",
                $"{group.Max(row => row.Seconds):0.0} s", $"{group.Sum(row => row.Requests)}");
        }

        AnsiConsole.Write(table);
        foreach (var row in rows.Where(row => !row.Converged)) AnsiConsole.MarkupLineInterpolated($"[red]{row.Id}[/] {row.Place}: {row.Outcome}");
        await SaveAsync();
        return rows.TrueForAll(row => row.Converged);
    }

    public void Dispose() => gate.Dispose();

    private Task SaveAsync() => command is null
        ? Task.CompletedTask
        : Results.SaveAsync(File, command, [.. rows.OrderBy(row => row.Scenario, StringComparer.Ordinal).ThenBy(row => row.Moment).ThenBy(row => int.Parse(row.Id.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture))], commit);
}
