using System.Globalization;
using Spectre.Console;
using SyncStorage.Resilience.Harness;
using SyncStorage.Scale;

// The fleet grows: what a rolling update costs then, in calls, seconds and memory. The batches grow with the fleet, so their number stays,
// and so should the calls. At last the whole fleet again, under AWS's request limits. The webhead is a light one, in Python.
int[] sizes = args.Length > 0 ? [.. args.Select(size => int.Parse(size, CultureInfo.InvariantCulture))] : [3, 10, 30, 100];
var rows = new List<FleetRow>();
var work = Directory.CreateTempSubdirectory("syncstorage-light-");
using (var bundles = new Bundles(CancellationToken.None))
await using (var cluster = new Cluster(timeScale: 0.1) { LongestRun = TimeSpan.FromMinutes(20), Own = new CheckoutCopy() })
{
    await bundles.BuildAsync(both: false);
    await LightBundle.UseAsync(cluster.Own, Bundles.Built, work, CancellationToken.None);
    foreach (var size in sizes)
    {
        await FleetRun.DeployAsync(cluster, size, FleetRun.OneType);
        await MeasureAsync(size, FleetRun.OtherType, limited: false);
    }

    await MeasureAsync(sizes[^1], FleetRun.OneType, limited: true);

    async Task MeasureAsync(int size, string type, bool limited)
    {
        rows.Add(await FleetRun.UpdateAsync(cluster, size, type, limited));
        AnsiConsole.WriteLine($"{rows[^1]}");
    }
}

work.Delete(recursive: true);
var table = new Table().AddColumns("webheads", "request limits", "batches", "calls", "commands", "looks", "state", "retries", "seconds", "pipeline", "LocalCloud");
foreach (var row in rows)
{
    table.AddRow(
        $"{row.Webheads}", row.Limited ? "AWS's" : "none", $"{row.Batches}", $"{row.Calls}", $"{row.Commands}", $"{row.Looks}", $"{row.State}", $"{row.Retries}", $"{row.Seconds:0}",
        $"{row.PipelineMegabytes:0} MB", $"{row.LocalCloudMegabytes:0} MB");
}

AnsiConsole.Write(table);
await Results.SaveAsync("scale.json", "./build.sh --target=Benchmark --filter=Scale", rows);

// With the same number of batches, the largest fleet may need a quarter more calls than the smallest: pages, and commands to at most 50 instances.
static int Sent(FleetRow row) => row.Calls + row.Commands;
return rows.Count(row => !row.Limited) < 2 || Sent(rows.Last(row => !row.Limited)) <= 1.25 * Sent(rows[0]) ? 0 : 1;
