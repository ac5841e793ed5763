using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace SyncStorage.WebheadLoad;

/// <summary>One load's figures, a round each, with those of the bare endpoint in the same rounds.</summary>
internal sealed record Measured(Load Load, IReadOnlyList<Figures> Rounds, IReadOnlyList<Figures>? Bare)
{
    /// <summary>The share of the bare endpoint's rate: the median over the rounds.</summary>
    public double? Ratio => Bare is null ? null : Median(Rounds.Zip(Bare, (ours, bare) => ours.PerSecond / bare.PerSecond));

    /// <summary>The bare endpoint's processor time a request by this one's: what the ratio of rates is on a machine with nothing else to do.</summary>
    public double? ProcessorRatio => Bare is null ? null : Median(Rounds.Zip(Bare, (ours, bare) => bare.ProcessorMicroseconds / ours.ProcessorMicroseconds));

    public double ProcessorMicroseconds => Median(Rounds.Select(round => round.ProcessorMicroseconds));

    public double PerSecond => Median(Rounds.Select(round => round.PerSecond));

    public double MedianMilliseconds => Median(Rounds.Select(round => round.MedianMilliseconds));

    public double P99Milliseconds => Median(Rounds.Select(round => round.P99Milliseconds));

    public long Errors => Rounds.Sum(round => round.Errors);

    public bool Holds => Errors == 0 && !(Ratio < Load.Wanted) && P99Milliseconds < Load.MostMilliseconds;

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}

/// <summary>The webhead's resident memory, from the start of the mixed load on.</summary>
internal sealed record MemoryUse(IReadOnlyList<long> Samples, Figures? Mixed)
{
    private const double MostMegabytes = 200;
    private const double MostGrowth = 1.05;

    public double MaximumMegabytes => Samples.Max() / 1e6;

    /// <summary>The last quarter's mean by that of the second one: 1 is flat.</summary>
    public double? Growth => Samples.Count < 16 ? null : Mean(Samples.Count * 3 / 4) / Mean(Samples.Count / 4);

    public bool Holds => MaximumMegabytes <= MostMegabytes && !(Growth > MostGrowth) && Mixed is not { Errors: > 0 };

    private double Mean(int from) => Samples.Skip(from).Take(Samples.Count / 4).Average();
}

/// <summary>What was measured, on the console and as a file.</summary>
internal sealed class Report(IReadOnlyList<Measured> measured, MemoryUse memory, IReadOnlyList<TimeSpan> starts)
{
    private const double MostStartSeconds = 1;
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private double StartSeconds => starts.Select(start => start.TotalSeconds).Order().ElementAt(starts.Count / 2);

    public bool Holds => measured.All(load => load.Holds) && memory.Holds && StartSeconds <= MostStartSeconds;

    public void Print()
    {
        var table = new Table().AddColumn(new TableColumn("request").NoWrap()).AddColumns("1/s", "of bare", "wanted", "p50 ms", "p99 ms", "cpu µs", "cpu of bare", "errors", "holds");
        foreach (var load in measured)
        {
            table.AddRow(load.Load.Name, Text("0", load.PerSecond), Text("0 %", load.Ratio), load.Bare is null ? "-" : Text("0 %", load.Load.Wanted),
                Text("0.0", load.MedianMilliseconds), Text("0.0", load.P99Milliseconds), Text("0", load.ProcessorMicroseconds), Text("0 %", load.ProcessorRatio), Text("0", load.Errors), load.Holds ? "yes" : "no");
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"resident memory at most {memory.MaximumMegabytes:0} MB, last by second quarter {Text("0.00", memory.Growth)}");
        if (memory.Mixed is { } mixed) AnsiConsole.WriteLine($"mixed load: {mixed.PerSecond:0} 1/s, p99 {mixed.P99Milliseconds:0.0} ms, errors {mixed.Errors}");
        AnsiConsole.WriteLine($"start to first healthy heartbeat: {StartSeconds:0.00} s");
    }

    public Task WriteAsync(string path)
    {
        var results = new JsonObject
        {
            ["command"] = "./build.sh --target=Benchmark --filter=Webhead",
            ["date"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["machine"] = $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB",
            ["load"] = $"wrk, 16 keep-alive connections, {LoadUser.Count} users; server, database, cache and load generator on this machine",
            ["rounds"] = measured[0].Rounds.Count,
            ["requests"] = new JsonArray([.. measured.Select(Describe)]),
            ["residentMegabytes"] = Math.Round(memory.MaximumMegabytes),
            ["residentGrowthOverTenMinutes"] = Rounded(memory.Growth, 3),
            ["mixedPerSecond"] = Rounded(memory.Mixed?.PerSecond, 0),
            ["mixedP99Milliseconds"] = Rounded(memory.Mixed?.P99Milliseconds, 1),
            ["mixedErrors"] = memory.Mixed?.Errors,
            ["startToHealthySeconds"] = Math.Round(StartSeconds, 2),
            ["holds"] = Holds,
        };
        return File.WriteAllTextAsync(path, results.ToJsonString(Json) + "\n");
    }

    private static JsonNode Describe(Measured load) => new JsonObject
    {
        ["name"] = load.Load.Name,
        ["perSecond"] = Math.Round(load.PerSecond),
        ["ofBare"] = Rounded(load.Ratio, 2),
        ["wanted"] = load.Bare is null ? null : load.Load.Wanted,
        ["p50Milliseconds"] = Math.Round(load.MedianMilliseconds, 1),
        ["p99Milliseconds"] = Math.Round(load.P99Milliseconds, 1),
        ["processorMicroseconds"] = Math.Round(load.ProcessorMicroseconds),
        ["processorOfBare"] = Rounded(load.ProcessorRatio, 2),
        ["errors"] = load.Errors,
    };

    private static double? Rounded(double? value, int digits) => value is null ? null : Math.Round(value.Value, digits);

    private static string Text(string format, double? value) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
