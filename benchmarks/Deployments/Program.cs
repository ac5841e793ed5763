using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using SyncStorage.Deployments;

// Whole deployments from a fresh clone, against the limits that the project has set itself. The packages must be in the package cache,
// MariaDB and memcached installed; nothing else should run on the machine.
var root = FindRoot();
await using var clone = await FreshClone.OfAsync(root);
var measures = new List<Measure>();

var (first, firstReport) = await clone.DeployAsync("webheads.count=3");
var afterBuild = Pipeline(firstReport);
measures.Add(new Measure("first Deploy of a fresh clone, compilation included", first.TotalSeconds, 120, "s"));
measures.Add(new Measure("of which the pipeline after compilation", afterBuild, 40, "s"));
var firstCalls = CallsBesidesPolls(firstReport);
measures.Add(new Measure("AWS calls of the first deployment, without polls and remote commands", firstCalls, 110, "calls"));

var (_, same) = await clone.DeployAsync("webheads.count=3");
measures.Add(new Measure("unchanged Deploy after the build", Pipeline(same), 8, "s"));
measures.Add(new Measure("reading calls of an unchanged Deploy", Calls(same, "reading"), 30, "calls"));
measures.Add(new Measure("mutating calls of an unchanged Deploy", Calls(same, "mutating"), 0, "calls"));
measures.Add(new Measure("resident memory of LocalCloud", clone.LocalCloudResidentBytes() / 1e6, 200, "MB"));

// A further webhead, on a first deployment of its own: what it adds to the calls of the three.
await clone.DestroyAsync();
var (_, four) = await clone.DeployAsync("webheads.count=4");
measures.Add(new Measure("more calls of a first deployment with a fourth webhead", CallsBesidesPolls(four) - firstCalls, 2, "calls"));

var table = new Table().AddColumns("measure", "value", "limit", "ratio");
foreach (var measure in measures)
    table.AddRow(measure.Name, $"{measure.Value:0.#} {measure.Unit}", $"{measure.Limit:0.#}", measure.Limit == 0 ? "-" : $"{measure.Value / measure.Limit:0.00}");
AnsiConsole.Write(table);

var results = new JsonObject
{
    ["command"] = "./build.sh --target=Benchmark --filter=Deployments",
    ["date"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
    ["machine"] = $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB",
    ["measures"] = new JsonArray([.. measures.Select(measure => JsonSerializer.SerializeToNode(measure, JsonSerializerOptions.Web))]),
    ["firstDeployStages"] = Stages(firstReport),
    ["unchangedDeployStages"] = Stages(same),
};
await File.WriteAllTextAsync(
    Path.Combine(root, "benchmarks", "results", "deployments.json"), results.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
return measures.TrueForAll(measure => measure.Value <= measure.Limit) ? 0 : 1;

// Build-Webhead compiles; what follows is the pipeline.
static double Pipeline(JsonNode report) =>
    report["stages"]!.AsArray().Where(stage => (string?)stage!["name"] != "Build-Webhead").Sum(stage => (double)stage!["seconds"]!);

static int Calls(JsonNode report, string kind) => (int)report["apiCalls"]![kind]!;

// Polls are among the reading calls.
static int CallsBesidesPolls(JsonNode report) => Calls(report, "reading") - Calls(report, "polls") + Calls(report, "mutating");

static JsonObject Stages(JsonNode report) =>
    new(report["stages"]!.AsArray().Select(stage => KeyValuePair.Create((string)stage!["name"]!, stage["seconds"]?.DeepClone())));

static string FindRoot()
{
    for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        if (File.Exists(Path.Combine(at.FullName, "SyncStorage.slnx"))) return at.FullName;
    throw new DirectoryNotFoundException("There is no SyncStorage.slnx above the benchmark.");
}
