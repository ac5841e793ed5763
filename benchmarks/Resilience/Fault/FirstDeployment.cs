using SyncStorage.Resilience.Harness;

namespace SyncStorage.Resilience.Fault;

/// <summary>
/// A first deployment, stage by stage: each stage runs with the fault, then without it, and must then have left what it leaves undisturbed.
/// One cluster for all stages of a fault; those that it can't hit run undisturbed.
/// </summary>
internal sealed class FirstDeployment
{
    private static readonly string[] Alone = ["--exclusive", "--set", $"webheads.count={ServingFleet.Webheads}"];

    private readonly Dictionary<string, IReadOnlyList<string>> expected = new(StringComparer.Ordinal);

    private readonly CancellationToken stopping;

    private FirstDeployment(CancellationToken stopping) => this.stopping = stopping;

    /// <summary>Runs all stages undisturbed, and notes what each leaves.</summary>
    public static async Task<FirstDeployment> UndisturbedAsync(CancellationToken stopping)
    {
        var first = new FirstDeployment(stopping);
        await using var cluster = new Cluster { Stopping = stopping };
        await cluster.StartCloudAsync();
        using var world = new World(cluster);
        foreach (var stage in FaultStage.First)
        {
            await FaultRun.SucceedsAsync(cluster, stage.Name, Alone);
            if (stage.Services.Length > 0) first.expected[stage.Name] = await Settled.ReadAsync(world);
        }

        return first;
    }

    /// <summary>Walks through the stages with a fault in those that are asked for.</summary>
    public async IAsyncEnumerable<FaultRow> WalkAsync(Fault fault, IReadOnlyCollection<FaultStage> asked)
    {
        await using var cluster = new Cluster { Stopping = stopping };
        await cluster.StartCloudAsync();
        foreach (var stage in FaultStage.First.Where(stage => stage.Services.Length > 0))
        {
            if (asked.Contains(stage))
            {
                var row = await HitAsync(cluster, fault, stage);
                yield return row;

                // Without this stage the next ones could not be judged.
                if (row.ConvergedAfterSeconds is null) yield break;
            }
            else
            {
                await FaultRun.SucceedsAsync(cluster, stage.Name, Alone);
            }

            if (!asked.Any(other => Position(other) > Position(stage))) yield break;
        }
    }

    private static int Position(FaultStage stage) => FaultStage.First.ToList().IndexOf(stage);

    private async Task<FaultRow> HitAsync(Cluster cluster, Fault fault, FaultStage stage)
    {
        using var world = new World(cluster);
        var ahead = await AheadAsync(cluster, fault, stage);
        var hit = await FaultRun.WithAsync(cluster, fault.Rules(stage), !fault.MustSucceed, stage.Name, Alone);
        var row = new FaultRow(fault.Name, stage.Name, "", hit.ExitCode, hit.ExitCode == 0 ? null : hit.Error, hit.Seconds, null);
        row = row with { Outcome = await JudgeAsync(cluster, fault, stage, hit, world, ahead) };
        await Task.Delay(fault.Lasts, TimeProvider.System, stopping);
        return await Settled.ConvergedAsync(row, cluster, expected[stage.Name], stage.Name, Alone);
    }

    // Webheads that an earlier stage has launched, and told of. The stage that takes them over launches them itself where the fault is about that, and leaves them only if it did nothing.
    private static async Task<IReadOnlyCollection<string>> AheadAsync(Cluster cluster, Fault fault, FaultStage stage)
    {
        using var fleet = new CloudView(cluster);
        var ahead = await fleet.InstancesAsync("webhead");
        if (!stage.Registers || !fault.HitsLaunches) return ahead;
        foreach (var id in ahead) await fleet.BreakAsync(id);
        return [];
    }

    private async Task<string> JudgeAsync(Cluster cluster, Fault fault, FaultStage stage, FaultRun hit, World world, IReadOnlyCollection<string> ahead)
    {
        if (hit.ExitCode == 0)
        {
            var difference = await Settled.DifferenceAsync(world, expected[stage.Name]);
            return difference is null ? "new" : $"silent half: exit code 0, and {difference}";
        }

        if (fault.MustSucceed) return $"failed, though the fault passes: {hit.Tail}";
        if (!hit.IsAccount || hit.ExitCode is not (1 or 5)) return $"no account of it: {hit.Tail}";

        // Nothing served before a first deployment, and nothing may serve after one that failed, but for its smoke test.
        using var fleet = new CloudView(cluster);
        var webheads = await fleet.WebheadsAsync();
        var served = stage.Name == "Smoke-Test" ? ServingFleet.Webheads : 0;
        var told = stage.Registers && !hit.Output.Contains("no change", StringComparison.Ordinal) ? [] : ahead;
        var left = webheads.Where(webhead => !webhead.Serving && !told.Contains(webhead.Id) && !hit.Output.Contains(webhead.Id, StringComparison.Ordinal)).ToList();
        if (left.Count > 0) return $"silent half: {string.Join(", ", left)} left, and not a word of it: {hit.Tail}";
        if (hit.ExitCode == 5) return "stuck";
        return webheads.Count(webhead => webhead.Serving) == served ? "old" : $"silent half: {string.Join(", ", webheads)}: {hit.Tail}";
    }
}
