using System.Collections.Concurrent;
using System.Diagnostics;
using Spectre.Console;
using SyncStorage.Resilience.Harness;

namespace SyncStorage.Resilience.Kill;

/// <summary>
/// Ends deployments early, at each of their calls that change something and at random times, runs them again, and compares what there is
/// then. Most of a case is waiting, so that several run side by side, each on a cluster and a checkout of its own.
/// </summary>
internal sealed class KillMatrix : IDisposable
{
    /// <summary>The options of <c>kill-matrix</c>.</summary>
    public static readonly string[] Options = ["every", "scenario", "calls", "lanes", "signals", "resume"];

    private const int Signals = 12;

    private readonly List<CheckoutCopy> checkouts = [];
    private readonly Bundles bundles;
    private readonly CancellationToken stopping;

    public KillMatrix(int lanes, CancellationToken stopping)
    {
        this.stopping = stopping;
        bundles = new Bundles(stopping);
        for (var lane = 0; lane < lanes; lane++) checkouts.Add(new CheckoutCopy());
    }

    /// <summary>Runs all scenarios, every <c>--every</c>th call and <c>--signals</c> random times of each; 1 if one did not converge.</summary>
    public static async Task<int> RunAsync(Arguments arguments)
    {
        var (every, signals, only) = (arguments.Number("every", 1), arguments.Number("signals", Signals), arguments.Text("scenario"));
        using var stop = new StopSignals();
        using var matrix = new KillMatrix(arguments.Number("lanes", Environment.ProcessorCount + 1), stop.Token);
        var calls = arguments.Text("calls");
        using var table = calls is null ? new KillTable(every, resume: arguments.Text("resume") is not null) : KillTable.WithMore();
        try
        {
            foreach (var scenario in KillScenario.All.Where(scenario => only is null || only.Split(',').Contains(scenario.Name)))
            {
                await matrix.RunAsync(
                    scenario, undisturbed => calls is null ? [.. Kills(scenario, undisturbed.Calls.Count, every), .. AtRandom(scenario, signals)] : Kills(scenario, undisturbed.Calls, calls), table);
            }
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            AnsiConsole.WriteLine("Stopped. --resume=yes goes on.");
        }

        return await table.EndAsync() ? 0 : 1;
    }

    /// <summary>Runs cases of a scenario.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="choose">Which cases, once it is known what it does.</param>
    /// <param name="table">Takes the rows.</param>
    public async Task RunAsync(KillScenario scenario, Func<Undisturbed, IEnumerable<KillCase>> choose, KillTable table)
    {
        var stages = await StagesAsync(scenario);
        try
        {
            var undisturbed = await stages[0]!.UndisturbedAsync();
            var cases = new ConcurrentQueue<KillCase>(choose(undisturbed).Where(one => !table.Has(one)));
            AnsiConsole.MarkupLineInterpolated($"{scenario.Name}: {undisturbed.Calls.Count} calls that change something in {undisturbed.Took.TotalSeconds:0.0} s; {cases.Count} cases to run");
            await Task.WhenAll(Enumerable.Range(0, stages.Length).Select(lane => LaneAsync(stages, lane, cases, undisturbed, table)));
        }
        finally
        {
            await Task.WhenAll(stages.Select(stage => stage?.DisposeAsync().AsTask() ?? Task.CompletedTask));
        }
    }

    public void Dispose()
    {
        foreach (var checkout in checkouts) checkout.Dispose();
        bundles.Dispose();
    }

    private async Task<KillStage?[]> StagesAsync(KillScenario scenario)
    {
        await bundles.BuildAsync(scenario.HasTwoReleases);
        var starts = checkouts.Select(checkout => KillStage.StartAsync(scenario, checkout, bundles, stopping)).ToArray();
        await Task.WhenAll(starts).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (Array.TrueForAll(starts, start => start.IsCompletedSuccessfully)) return [.. starts.Select(start => start.Result)];

        foreach (var start in starts.Where(start => start.IsCompletedSuccessfully)) await start.Result.DisposeAsync();
        await Task.WhenAll(starts);
        throw new UnreachableException();
    }

    private async Task LaneAsync(KillStage?[] stages, int lane, ConcurrentQueue<KillCase> cases, Undisturbed undisturbed, KillTable table)
    {
        while (cases.TryDequeue(out var one))
        {
            stopping.ThrowIfCancellationRequested();
            var stage = stages[lane] ??= await KillStage.StartAsync(one.Scenario, checkouts[lane], bundles, stopping);
            var row = await RunAsync(stage, one, undisturbed);
            await table.AddAsync(row, cases.Count);
            if (row.Converged)
            {
                await stage.NextAsync();
                continue;
            }

            // What it left is no ground for the next case.
            stages[lane] = null;
            await stage.DisposeAsync();
        }
    }

    // What goes wrong with the harness ends a case, not a lane: nobody would see that before the others end.
    private static async Task<KillRow> RunAsync(KillStage stage, KillCase one, Undisturbed undisturbed)
    {
        try
        {
            var row = await stage.RunAsync(one, undisturbed.Took, undisturbed.Worlds[stage.Number % 2]);
            return one.Prefix is null ? row : row with { Commit = Results.Commit };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new KillRow(one.Id, one.Scenario.Name, one.Moment, "unknown", $"not judged: {exception}", Seconds: 0, Requests: 0);
        }
    }

    /// <summary>A case before and after each call, and some that are killed twice.</summary>
    private static IEnumerable<KillCase> Kills(KillScenario scenario, int calls, int every)
    {
        var step = Math.Max(every, scenario.Every);
        for (var at = 1; at <= calls; at += step)
        {
            yield return new KillCase(scenario, Moment.Before, at);
            yield return new KillCase(scenario, Moment.Unanswered, at);
        }

        for (var at = 1 + 4 * every; at <= calls; at += 10 * step) yield return new KillCase(scenario, Moment.Twice, at);
    }

    /// <summary>A case before and after each call whose name begins so.</summary>
    private static IEnumerable<KillCase> Kills(KillScenario scenario, IReadOnlyList<string> calls, string prefix) =>
        from at in Enumerable.Range(1, calls.Count)
        where calls[at - 1].StartsWith(prefix, StringComparison.Ordinal)
        from moment in new[] { Moment.Before, Moment.Unanswered }
        select new KillCase(scenario, moment, at) { Prefix = prefix };

    /// <summary>Signals at times that are random, and the same each day. The program itself has to have started to hear one.</summary>
    private static IEnumerable<KillCase> AtRandom(KillScenario scenario, int signals)
    {
        var random = new Random(scenario.Name.Length);
        for (var number = 0; number < signals; number++)
            yield return new KillCase(scenario, number % 4 == 3 ? Moment.TwoSignals : Moment.Signal, random.Next(30, 1000));
    }
}
