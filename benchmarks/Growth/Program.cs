using System.Globalization;
using Spectre.Console;
using SyncStorage.Growth;
using SyncStorage.Resilience.Harness;

// What growing costs those who are served: how many users move when a cache node is added, and how long 30 real webheads take to have a new
// configuration.
var webheads = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 30;
List<GrowthRow> rows = [.. RingShare.Measure()];
rows.AddRange(await ConfigPush.MeasureAsync(webheads));

var table = new Table().AddColumns("measure", "value", "limit", "unit", "of");
foreach (var row in rows)
    table.AddRow(row.Measure, row.Value.ToString("0.###", CultureInfo.InvariantCulture), row.Limit.ToString("0.###", CultureInfo.InvariantCulture), row.Unit, row.Of);
AnsiConsole.Write(table);
await Results.SaveAsync("growth.json", "./build.sh --target=Benchmark --filter=Growth", rows);
return rows.TrueForAll(row => row.Value <= row.Limit) ? 0 : 1;

namespace SyncStorage.Growth
{
    /// <summary>A figure, and what it may be at most.</summary>
    internal sealed record GrowthRow(string Measure, double Value, double Limit, string Unit, string Of);
}
