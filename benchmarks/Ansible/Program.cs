using Spectre.Console;
using SyncStorage.Ansible;
using SyncStorage.Resilience.Harness;

// The same resources on one LocalCloud, made by this project's stages and by an Ansible playbook: security groups with their rules, a load balancer with its
// health check, a database, a cache, their subnet and parameter groups, three webheads in service; and then both again, when nothing has to change. Both are
// whole programs from start to end, at the same pace of the cloud, with an image that is baked beforehand.
//
// The stages do more than the playbook: two more groups (load balancer and builder have their own), webheads over all zones, the lock and the journal, secrets,
// an admin instance that makes the databases and accounts, the webheads' configuration, a gate on each webhead's own heartbeat before it is registered. All
// that is in their figures. Neither side's figures have bucket and roles, which the image needs; the playbook's webheads serve heartbeats only.
if (!await Playbook.IsReadyAsync())
{
    Console.Error.WriteLine($"Ansible with its AWS modules can't be found. Run: {Playbook.Install}");
    return 2;
}

await using var cluster = new Cluster(timeScale: 0.01) { LongestRun = TimeSpan.FromMinutes(10) };
await Stages.OneDatabaseAsync(cluster);
var recording = Path.Combine(Path.GetDirectoryName(cluster.StateDirectory)!, "calls.jsonl");
await cluster.StartRecordingAsync(recording);
var stages = new Stages(cluster);
var playbook = new Playbook(cluster, await stages.BakeAsync());
var calls = new CallLog(recording);
await calls.SinceLastAsync(CallLog.Pipeline);

var rows = new List<Comparison>();
foreach (var (run, changes) in new[] { ("first", true), ("nothing has to change", false) })
{
    // The stages go first: what a cloud that has just been started compiles is to their disadvantage.
    var ours = await MeasureAsync(stages.RunAsync, CallLog.Pipeline, Stages.Name, changes);
    var ansible = await MeasureAsync(playbook.RunAsync, CallLog.Ansible, Playbook.Name, changes);
    rows.Add(new Comparison(run, ours, ansible));
}

var table = new Table().AddColumns("run", "", "stages", "Ansible", "ratio", "wanted: at most");
foreach (var row in rows)
{
    table.AddRow(row.Run, "seconds", $"{row.Ours.Seconds:0.0}", $"{row.Ansible.Seconds:0.0}", $"{row.TimeRatio:0.00}", $"{Comparison.MostTime:0.00}");
    table.AddRow("", "calls", $"{row.Ours.Calls}", $"{row.Ansible.Calls}", $"{row.CallsRatio:0.00}", $"{Comparison.MostCalls:0.00}");
}

AnsiConsole.Write(table);
await Results.SaveAsync("ansible.json", "./build.sh --target=Benchmark --filter=Ansible", rows);
return rows.TrueForAll(row => row.Holds) ? 0 : 1;

async Task<Side> MeasureAsync(Func<Task<(double Seconds, int Changed)>> runAsync, string client, string name, bool changes)
{
    var (seconds, changed) = await runAsync();
    var byService = await calls.SinceLastAsync(client);
    var made = await Made.OfAsync(cluster, name);
    if (!made.IsWhole) throw new HarnessException($"{name}: what was to be made is not there: {made}.");
    if (changed > 0 != changes) throw new HarnessException($"{name}: {changed} changes in a run that was to make {(changes ? "some" : "none")}.");
    return new Side(Math.Round(seconds, 2), byService.Values.Sum(), byService);
}

/// <summary>What one side needed.</summary>
/// <param name="Seconds">From the program's start to its end.</param>
/// <param name="Calls">To AWS, all of them: reads, changes, polls, commands.</param>
/// <param name="CallsByService">The same by service, as signatures name it.</param>
internal sealed record Side(double Seconds, int Calls, IReadOnlyDictionary<string, int> CallsByService);

/// <summary>Both sides of one run.</summary>
/// <param name="Run">Which run.</param>
/// <param name="Ours">This project's stages.</param>
/// <param name="Ansible">The playbook.</param>
internal sealed record Comparison(string Run, Side Ours, Side Ansible)
{
    public const double MostTime = 0.2;
    public const double MostCalls = 0.5;

    public double TimeRatio => Math.Round(Ours.Seconds / Ansible.Seconds, 3);

    public double CallsRatio => Math.Round((double)Ours.Calls / Ansible.Calls, 3);

    public bool Holds => TimeRatio <= MostTime && CallsRatio <= MostCalls;
}
