using System.Diagnostics;
using SyncStorage.Resilience.Harness;

namespace SyncStorage.Resilience.Kill;

/// <summary>What a scenario does when nobody ends it early.</summary>
/// <param name="Calls">The calls that change something.</param>
/// <param name="Took">How long it takes.</param>
/// <param name="Worlds">What there is then, of a case with an even number and of one with an odd one.</param>
internal sealed record Undisturbed(IReadOnlyList<string> Calls, TimeSpan Took, IReadOnlyList<string>[] Worlds);

/// <summary>A cluster on which a scenario is carried out, again and again.</summary>
internal sealed class KillStage : IAsyncDisposable
{
    private static readonly string[] Hostnames = ["sync0.localhost", "sync2.localhost"];
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    private readonly CheckoutCopy checkout;
    private readonly Bundles bundles;
    private readonly CancellationToken stopping;
    private Cluster? cluster;

    private KillStage(KillScenario scenario, CheckoutCopy checkout, Bundles bundles, CancellationToken stopping)
    {
        (Scenario, this.checkout, this.bundles, this.stopping) = (scenario, checkout, bundles, stopping);
    }

    public KillScenario Scenario { get; }

    /// <summary>The releases that the cluster has, if it has two.</summary>
    public string[] Releases { get; private set; } = [];

    private string? Recording { get; init; }

    /// <summary>The number of the next case.</summary>
    public int Number { get; private set; }

    public Cluster Cluster => cluster ?? throw new InvalidOperationException("There is no cluster yet.");

    /// <summary>Makes one, ready for the scenario's first run.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="checkout">The checkout that its runs are of.</param>
    /// <param name="bundles">The releases.</param>
    /// <param name="stopping">Ends everything.</param>
    /// <param name="firstDeployed">Gets, of a cluster that serves, what its first deployment left.</param>
    /// <param name="recording">Where its traffic is recorded; null if nowhere.</param>
    public static async Task<KillStage> StartAsync(
        KillScenario scenario, CheckoutCopy checkout, Bundles bundles, CancellationToken stopping, Action<IReadOnlyList<string>>? firstDeployed = null,
        string? recording = null)
    {
        var stage = new KillStage(scenario, checkout, bundles, stopping) { Recording = recording };
        try
        {
            await stage.RenewAsync(firstDeployed);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>What there is, to compare with.</summary>
    public async Task<IReadOnlyList<string>> WorldAsync()
    {
        using var world = new World(Cluster);
        return await world.ReadAsync();
    }

    /// <summary>Runs the scenario without ending it early.</summary>
    public async Task<Undisturbed> UndisturbedAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var run = await HookedAsync(Scenario, _ => false, Moment.Before, Scenario.Fault);
        var took = Stopwatch.GetElapsedTime(started);
        Expect(run);
        var even = await WorldAsync();
        await NextAsync();
        if (!Scenario.Serves) return new Undisturbed(run.Calls, took, [even, even]);

        Expect(await HookedAsync(Scenario, _ => false, Moment.Before, Scenario.Fault));
        var odd = await WorldAsync();
        await NextAsync();
        return new Undisturbed(run.Calls, took, [even, odd]);
    }

    /// <summary>Ends one run early, runs the next, and says what is wrong then.</summary>
    /// <param name="one">The case.</param>
    /// <param name="took">How long it takes when nobody ends it early: signals come at a part of that.</param>
    /// <param name="expected">What there must be at the end.</param>
    public async Task<KillRow> RunAsync(KillCase one, TimeSpan took, IReadOnlyList<string> expected)
    {
        if (!one.Scenario.Serves) return await CaseAsync(one, took, expected);
        await using var traffic = await Traffic.StartAsync(Cluster, Hostnames, clientsPerHost: 1, Pace, follows: one.Scenario.Rotates);
        var row = await CaseAsync(one, took, expected);
        await traffic.StopAndVerifyAsync();
        row = row with { Requests = traffic.Requests };
        return traffic.Failures.Count == 0 ? row : row with { Outcome = $"{row.Outcome}; {traffic.Failures.Count} of {traffic.Requests} requests failed: {traffic.Failures.First()}" };
    }

    /// <summary>After a case: what the next one needs.</summary>
    public async Task NextAsync()
    {
        Number++;
        if (!Scenario.Serves) await RenewAsync(firstDeployed: null);
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is { } gone) await gone.DisposeAsync();
        cluster = null;
    }

    private Task<KillRow> CaseAsync(KillCase one, TimeSpan took, IReadOnlyList<string> expected) =>
        one.IsSignal ? SignalAsync(one, took, expected) : KillAsync(one, expected);

    private async Task<KillRow> KillAsync(KillCase one, IReadOnlyList<string> expected)
    {
        var scenario = one.Scenario;
        var first = await HookedAsync(scenario, one.IsReached, one.Moment, scenario.Fault);
        if (first.KilledAt is not { } place) return Row(one, "none any more", first.ExitCode == scenario.ExitCode ? KillRow.WasOver : $"not killed, and exit code {first.ExitCode}", 0);
        if (one.Moment == Moment.Twice)
        {
            var second = await HookedAsync(scenario, calls => calls.Count == 2 + one.At % 5, Moment.Unanswered, scenario.SecondFault);
            place += $", then {second.KilledAt ?? "not again"}";
        }

        var started = Stopwatch.GetTimestamp();
        var outcome = await AgainAsync(scenario, expected);
        return Row(one, place, outcome, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private async Task<KillRow> SignalAsync(KillCase one, TimeSpan took, IReadOnlyList<string> expected)
    {
        var scenario = one.Scenario;
        if (scenario.Fault is { } fault) await FaultAsync(fault);
        var signal = one.At % 2 == 0 ? "TERM" : "INT";
        var after = took * (one.At / 1000.0);
        var interruption = await Interruption.OfAsync(Cluster, scenario.Target, scenario.ArgumentsOn(this), signal, after, twice: one.Moment == Moment.TwoSignals);
        if (scenario.Fault is not null) await ClearAsync();
        var place = $"SIG{signal} after {after.TotalSeconds:0.0} s, {interruption.Stage}";
        if (!interruption.CameInTime)
            return Row(one, place, interruption.ExitCode == scenario.ExitCode ? KillRow.WasOver : $"over before, and exit code {interruption.ExitCode}", 0);

        using var world = new World(Cluster);
        var wrong = interruption.Wrong ?? (one.Moment == Moment.Signal ? await world.UnsettledAsync(finished: false) : null);
        using var cloud = new CloudView(Cluster);
        if (wrong is null && scenario.Serves && (await cloud.WebheadsAsync()).Count(webhead => webhead.Serving) is var serving and < 3) wrong = $"only {serving} webheads serve after it";
        var again = await AgainAsync(scenario, expected);
        return Row(one, place, wrong is null ? again : $"{wrong}; then: {again}", interruption.AfterSignal.TotalSeconds);
    }

    // The fault is there again: what it failed on, it fails on again.
    private async Task<string> AgainAsync(KillScenario scenario, IReadOnlyList<string> expected)
    {
        if (scenario.SecondFault is { } fault) await FaultAsync(fault);
        var run = await Cluster.RunAsync(scenario.Target, scenario.ArgumentsOn(this));
        if (scenario.SecondFault is not null) await ClearAsync();
        if (run.ExitCode != scenario.ExitCode) return $"exit code {run.ExitCode}: {run.Tail}";
        using var world = new World(Cluster);
        return await world.DifferenceAsync(expected) ?? await world.UnsettledAsync(finished: true) ?? KillRow.HasConverged;
    }

    private async Task<HookedRun> HookedAsync(KillScenario scenario, Func<IReadOnlyList<string>, bool> isIt, Moment moment, string? fault)
    {
        if (fault is not null) await FaultAsync(fault);
        Process? process = null;
        try
        {
            // The killer ends before what it watches is let go of: calls may still come in.
            await using var killer = await Killer.StartAsync(Cluster, () => process = Cluster.Start(scenario.Target, scenario.ArgumentsOn(this)), isIt, moment);
            var output = await Cluster.OutputAsync(process!);
            await ClearAsync();
            return new HookedRun(process!.ExitCode, output, killer.Calls, killer.Last);
        }
        finally
        {
            process?.Dispose();
        }
    }

    private async Task FaultAsync(string rule)
    {
        using var control = new Control(Cluster);
        await control.AddAsync(rule);
    }

    private async Task ClearAsync()
    {
        using var control = new Control(Cluster);
        await control.ClearAsync();
    }

    private async Task RenewAsync(Action<IReadOnlyList<string>>? firstDeployed)
    {
        await DisposeAsync();
        stopping.ThrowIfCancellationRequested();
        cluster = new Cluster(https: Scenario.Https) { Checkout = checkout.Root, Stopping = stopping };
        await cluster.StartCloudAsync(Recording is null ? [] : ["--record", Recording]);
        var release = bundles.Use(checkout, 0);
        if (!Scenario.Serves) return;
        await Cluster.ExpectAsync(0, "Deploy");
        if (firstDeployed is not null) firstDeployed(await WorldAsync());
        if (!Scenario.HasTwoReleases) return;

        Releases = [release, bundles.Use(checkout, 1)];
        await Cluster.ExpectAsync(0, "Deploy");
    }

    private void Expect(HookedRun run)
    {
        if (run.ExitCode != Scenario.ExitCode) throw new HarnessException($"{Scenario.Target}, undisturbed, ended with {run.ExitCode}:\n{run.Output}");
    }

    private static KillRow Row(KillCase one, string place, string outcome, double seconds) =>
        new(one.Id, one.Scenario.Name, one.Moment, place, outcome, Math.Round(seconds, 1), Requests: 0);

    private sealed record HookedRun(int ExitCode, string Output, IReadOnlyList<string> Calls, string? KilledAt);
}
