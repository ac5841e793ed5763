using Spectre.Console;
using SyncStorage.Delays;
using SyncStorage.Resilience.Harness;

// A first deployment on a cloud that runs, with AWS's delays, sixty times faster: what it takes, against the longest chain of steps that no order of
// work could avoid. The steps' own times are the cloud's word (what this machine really does in them included), so the rest is the
// pipeline's: calls, polls that look too late, waits that could have begun earlier. What the program itself computes is not sixty times faster.
const double Scale = 1.0 / 60;
const double Bake = 0.5;
const double Limit = 1.10;
string[] settings =
[
    "--set", "loadBalancer.healthCheck.intervalSeconds=5", "--set", "loadBalancer.healthCheck.timeoutSeconds=4", "--set", "loadBalancer.healthCheck.healthyThreshold=2",
    "--set", $"rollout.bakeSeconds={Bake}", "--set", "waits.pollSeconds=0.05", "--set", "waits.maxPollSeconds=0.05",
];
await using var cluster = new Cluster(timeScale: Scale);
await cluster.ExpectAsync(0, "Build-Webhead", settings);
await cluster.StartCloudAsync();

// A cloud that has just been started compiles itself first.
await cluster.ExpectAsync(0, "Plan", settings);
await cluster.ExpectAsync(0, "Deploy", settings);

var stages = cluster.LastReport["stages"]!.AsArray().Where(stage => (string?)stage!["name"] is not ("Build-Webhead" or "Deploy")).ToList();
double Seconds(string name) => (double)stages.First(stage => (string?)stage!["name"] == name)!["seconds"]!;
var total = stages.Sum(stage => (double)stage!["seconds"]!);
var chain = FirstDeployment.Of(CloudLog.Read(Path.Combine(cluster.StateDirectory, "localcloud.log")), Scale, Bake, Seconds("Smoke-Test")).LongestChain();
var longest = Step.Total(chain);

var table = new Table().AddColumns("step of the longest chain", "seconds", "at AWS's pace");
foreach (var step in chain) table.AddRow(step.Name, $"{step.Seconds:0.00}", $"{step.Seconds / Scale:0} s");
table.AddRow("the chain", $"{longest:0.00}", $"{longest / Scale:0} s").AddRow("the deployment", $"{total:0.00}", $"{total / Scale:0} s").AddRow("ratio", $"{total / longest:0.00}", $"wanted: {Limit:0.00}");
AnsiConsole.Write(table);
await Results.SaveAsync("delays.json", "./build.sh --target=Benchmark --filter=Delays",
[
    .. chain.Select(step => new DelaysRow(step.Name, step.Seconds)), new DelaysRow("the longest chain", longest), new DelaysRow("the deployment, from the built webhead to the passed smoke test", total),
    new DelaysRow("ratio", total / longest),
]);
return total <= Limit * longest ? 0 : 1;

internal sealed record DelaysRow(string Step, double Seconds);
