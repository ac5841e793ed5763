using System.Text.Json.Nodes;
using SyncStorage.Resilience.Harness;

namespace SyncStorage.Resilience.Fault;

/// <summary>
/// A fleet that serves, under traffic: faults in updates, their automatic rollback, rollbacks by hand, and healing. One cluster for all; what there is
/// at the end of a case depends on the instance type, and on nothing else.
/// </summary>
internal sealed class ServingFleet : IAsyncDisposable
{
    /// <summary>How many webheads serve: enough for a second batch.</summary>
    public const int Webheads = 2;

    private static readonly string[] Types = ["t3.large", "t3.medium"];
    private static readonly string[] HostsOfFirst = ["sync0.localhost", "sync1.localhost"];
    private static readonly string[] HostsOfSecond = ["sync2.localhost", "sync3.localhost"];

    private readonly Dictionary<string, IReadOnlyList<string>> expected = new(StringComparer.Ordinal);
    private readonly Cluster cluster;
    private int now;

    private ServingFleet(Cluster cluster) => this.cluster = cluster;

    /// <summary>Deploys a cluster, and notes what there is with each instance type.</summary>
    /// <param name="stopping">Ends everything.</param>
    /// <param name="own">The checkout that its runs are of, and that goes with it; null for this one.</param>
    public static async Task<ServingFleet> DeployAsync(CancellationToken stopping, CheckoutCopy? own = null)
    {
        var serving = new ServingFleet(new Cluster { Stopping = stopping, Own = own });
        try
        {
            await serving.BeginAsync();
            return serving;
        }
        catch
        {
            await serving.DisposeAsync();
            throw;
        }
    }

    /// <summary>One case.</summary>
    public async Task<FaultRow> HitAsync(Fault fault, FaultStage stage)
    {
        var isHeal = stage == FaultStage.Heal;
        var type = isHeal || stage == FaultStage.Rest ? Types[now] : Types[1 - now];
        using var fleet = new CloudView(cluster);
        if (isHeal) await fleet.BreakAsync((await fleet.WebheadsAsync())[0].Id);
        var before = (await fleet.WebheadsAsync()).Where(webhead => webhead.Serving).Select(webhead => webhead.Id).ToList();
        await using var first = await Traffic.StartAsync(cluster, HostsOfFirst, clientsPerHost: 1, pace: TimeSpan.FromMilliseconds(50));
        await using var second = await Traffic.StartAsync(cluster, HostsOfSecond, clientsPerHost: 1, pace: TimeSpan.FromMilliseconds(50));

        var (row, problems) = await UnderFaultAsync(fault, stage, type, fleet, before);
        var (target, arguments) = CommandOf(stage, type);
        row = await Settled.ConvergedAsync(row, cluster, expected[type], target, arguments);
        now = Array.IndexOf(Types, type);
        await first.StopAndVerifyAsync();
        await second.StopAndVerifyAsync();

        // Only who has data on a dbnode that is away may go unserved, and nobody may lose what was acknowledged.
        var unserved = fault.Database is null ? [] : first.Failures.Where(failure => !failure.Contains(" lost ", StringComparison.Ordinal)).ToList();
        var lost = first.Failures.Except(unserved).Concat(second.Failures).ToList();
        row = row with { Requests = first.Requests + second.Requests, Unserved = unserved.Count };
        if (lost.Count > 0) problems.Add($"{lost.Count} of {row.Requests} requests failed: {lost[0]}");
        return problems.Count == 0 ? row : row with { Outcome = $"{row.Outcome}; {string.Join("; ", problems)}" };
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private static IEnumerable<JsonObject> RulesOf(Fault fault, FaultStage stage) =>
    [
        .. stage == FaultStage.Undo ? [new JsonObject { ["kind"] = "fails-probes", ["tag"] = "Role=webhead", ["skip"] = 1, ["count"] = null }] : Array.Empty<JsonObject>(),
        .. fault.Rules(stage),
    ];

    private static string[] ToType(string type) => ["--set", $"webheads.count={Webheads}", "--set", $"webheads.instanceType={type}"];

    private (string Target, string[] Arguments) CommandOf(FaultStage stage, string type) => stage.Name switch
    {
        "heal" => ("Heal", ToType(type)),
        "at rest" => ("Status", ToType(type)),
        "rollback" => ("Rollback", [.. ToType(type), $"--to={ReleaseOf(cluster)}"]),
        _ => ("Rolling-Deploy", [.. ToType(type), "--target=Smoke-Test", "--exclusive"]),
    };

    /// <summary>The release that was built last: all webheads have it, of whatever type they are.</summary>
    private static string ReleaseOf(Cluster cluster) =>
        (string)JsonNode.Parse(File.ReadAllText(Path.Combine(cluster.Checkout, "artifacts", "webhead", "bundle.json")))!["release"]!;

    private async Task BeginAsync()
    {
        await cluster.StartCloudAsync();
        await FaultRun.SucceedsAsync(cluster, "Deploy", ToType(Types[0]));
        using var world = new World(cluster);
        expected[Types[0]] = await Settled.ReadAsync(world);
        await FaultRun.SucceedsAsync(cluster, "Rolling-Deploy", [.. ToType(Types[1]), "--target=Smoke-Test", "--exclusive"]);
        expected[Types[1]] = await Settled.ReadAsync(world);
        now = 1;
    }

    private async Task<(FaultRow Row, List<string> Problems)> UnderFaultAsync(Fault fault, FaultStage stage, string type, CloudView fleet, List<string> before)
    {
        var (target, arguments) = CommandOf(stage, type);
        await using var watch = new FleetWatch(cluster);
        // Undoing begins where the load balancer was waited for, and not with a gate that a busy machine can't pass in time.
        var hit = stage == FaultStage.Undo
            ? await FaultRun.WithAsync(cluster, RulesOf(fault, stage), staysForGood: false, target, [.. arguments, "--set", "rollout.inServiceTimeoutSeconds=6"])
            : await FaultRun.WithAsync(cluster, RulesOf(fault, stage), !fault.MustSucceed, target, arguments);
        var row = new FaultRow(fault.Name, stage.Name, Judge(fault, stage, type, hit, before, await fleet.WebheadsAsync()), hit.ExitCode, hit.ExitCode == 0 ? null : hit.Error, hit.Seconds, null);
        await Task.Delay(fault.Lasts, TimeProvider.System, cluster.Stopping);
        var problems = new List<string>();
        if (watch.Least < before.Count) problems.Add($"only {watch.Least} of {before.Count} webheads were in service at some moment");
        if (!fault.BreaksServing && watch.Fallen.Count > 0) problems.Add($"{string.Join(", ", watch.Fallen)} failed probes");
        return (row, problems);
    }

    private static string Judge(Fault fault, FaultStage stage, string type, FaultRun hit, List<string> before, IReadOnlyList<SeenWebhead> after)
    {
        var isUndo = stage == FaultStage.Undo;
        if (fault.MustSucceed && hit.ExitCode != (isUndo ? 4 : 0)) return $"exit code {hit.ExitCode}, though the fault passes: {hit.Tail}";
        var serving = after.Where(webhead => webhead.Serving).Select(webhead => webhead.Id).ToHashSet();
        if (stage == FaultStage.Rest) return hit.ExitCode == 0 && serving.SetEquals(before) ? "old" : $"exit code {hit.ExitCode}, before: {string.Join(", ", before)}, now: {string.Join(", ", after)}";
        if (hit.ExitCode == 0)
            return !isUndo && after.Count == Webheads && after.All(webhead => webhead.Serving && webhead.Type == type) ? "new" : $"silent half: exit code 0, and {string.Join(", ", after)}";

        if (!hit.IsAccount || hit.ExitCode is not (1 or 4 or 5)) return $"no account of it: exit code {hit.ExitCode}: {hit.Tail}";
        var silent = after.Where(webhead => !before.Contains(webhead.Id) && !hit.Output.Contains(webhead.Id, StringComparison.Ordinal)).ToList();
        if (silent.Count > 0) return $"silent half: not a word of {string.Join(", ", silent)}: {hit.Tail}";
        if (hit.ExitCode == 5) return "stuck";
        return serving.SetEquals(before) ? "old" : $"silent half: exit code {hit.ExitCode}, before: {string.Join(", ", before)}, now: {string.Join(", ", after)}: {hit.Tail}";
    }
}
