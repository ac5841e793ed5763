using Spectre.Console;
using SyncStorage.Ansible;
using SyncStorage.Resilience.Harness;

// The same resources on one LocalCloud, made by this project's stages and by an Ansible playbook: security groups with their rules, a load balancer with its
// health check, a database, a cache, their subnet and parameter groups, three webheads in service; and then both again, when nothing has to change. Both are
// whole programs from start to end, at the same pace of the cloud, with an image that is baked beforehand.
//
// The stages do more than the playbook: two more groups (load balancer and builder have their own), webheads over all zones, the lock and the journal, secrets,
// an admin instance that makes the databases and accounts, the webheads' configuration, a gate on each webhead's own heartbeat before it is registered. All
// that is in their time; what of it are calls to EC2, load balancing, RDS and ElastiCache, polls included, is in their calls. Calls to other services, which the
// playbook has no counterpart of, are shown beside. Bucket and roles are made beforehand; the playbook's webheads serve heartbeats only.
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
    table.AddRow("", "calls for the resources", $"{row.Ours.Calls}", $"{row.Ansible.Calls}", $"{row.CallsRatio:0.00}", $"{Comparison.MostCalls:0.00}");
    table.AddRow("", "other calls", $"{row.Ours.OtherCalls}", $"{row.Ansible.OtherCalls}", "", "");
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
    var resources = byService.Where(pair => Side.Resources.Contains(pair.Key)).Sum(pair => pair.Value);
    return new Side(Math.Round(seconds, 2), resources, byService.Values.Sum() - resources, byService);
}

/// <summary>What one side needed.</summary>
/// <param name="Seconds">From the program's start to its end.</param>
/// <param name="Calls">Those to the services that have the resources which both sides make: reads, changes and polls.</param>
/// <param name="OtherCalls">All others: this project's bucket with lock, journal and configuration, its secrets, its commands on instances, its roles.</param>
/// <param name="CallsByService">All of them by service, as signatures name it.</param>
internal sealed record Side(double Seconds, int Calls, int OtherCalls, IReadOnlyDictionary<string, int> CallsByService)
{
    public static readonly string[] Resources = ["ec2", "elasticache", "elasticloadbalancing", "rds"];
}

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
