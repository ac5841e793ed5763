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
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

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

    /// <summary>The number of the next case.</summary>
    public int Number { get; private set; }

    public Cluster Cluster => cluster ?? throw new InvalidOperationException("There is no cluster yet.");

    /// <summary>Makes one, ready for the scenario's first run.</summary>
    public static async Task<KillStage> StartAsync(KillScenario scenario, CheckoutCopy checkout, Bundles bundles, CancellationToken stopping)
    {
        var stage = new KillStage(scenario, checkout, bundles, stopping);
        try
        {
            await stage.RenewAsync();
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the scenario without ending it early.</summary>
    public async Task<Undisturbed> UndisturbedAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var run = await HookedAsync(0, Moment.Before, Scenario.Fault);
        var took = Stopwatch.GetElapsedTime(started);
        Expect(run);
        using var world = new World(Cluster);
        var even = await world.ReadAsync();
        var calls = run.Calls;
        await NextAsync();
        if (!Scenario.Serves) return new Undisturbed(calls, took, [even, even]);

        Expect(await HookedAsync(0, Moment.Before, Scenario.Fault));
        var odd = await world.ReadAsync();
        await NextAsync();
        return new Undisturbed(calls, took, [even, odd]);
    }

    /// <summary>Ends one run early, runs the next, and says what is wrong then.</summary>
    public async Task<KillRow> RunAsync(KillCase one, Undisturbed undisturbed)
    {
        var expected = undisturbed.Worlds[Number % 2];
        if (!Scenario.Serves) return await CaseAsync(one, undisturbed, expected);
        await using var traffic = await Traffic.StartAsync(Cluster, Hostnames, clientsPerHost: 1, Pace);
        var row = await CaseAsync(one, undisturbed, expected);
        await traffic.StopAndVerifyAsync();
        row = row with { Requests = traffic.Requests };
        return traffic.Failures.Count == 0 ? row : row with { Outcome = $"{row.Outcome}; {traffic.Failures.Count} of {traffic.Requests} requests failed: {traffic.Failures.First()}" };
    }

    /// <summary>After a case: what the next one needs.</summary>
    public async Task NextAsync()
    {
        Number++;
        if (!Scenario.Serves) await RenewAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is { } gone) await gone.DisposeAsync();
        cluster = null;
    }

    private Task<KillRow> CaseAsync(KillCase one, Undisturbed undisturbed, IReadOnlyList<string> expected) =>
        one.IsSignal ? SignalAsync(one, undisturbed, expected) : KillAsync(one, expected);

    private async Task<KillRow> KillAsync(KillCase one, IReadOnlyList<string> expected)
    {
        var first = await HookedAsync(one.At, one.Moment, Scenario.Fault);
        var call = $"{one.At} {(first.Calls.Count >= one.At ? first.Calls[one.At - 1] : "none any more")}";
        if (first.Calls.Count < one.At) return Row(one, call, first.ExitCode == Scenario.ExitCode ? KillRow.WasOver : $"not killed, and exit code {first.ExitCode}", 0);
        if (one.Moment == Moment.Twice)
        {
            var second = await HookedAsync(1 + one.At % 5, Moment.Unanswered, Scenario.SecondFault);
            call += $", then {(second.Calls.Count > one.At % 5 ? second.Calls[one.At % 5] : "not at all")}";
        }

        var started = Stopwatch.GetTimestamp();
        var outcome = await AgainAsync(expected);
        return Row(one, call, outcome, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private async Task<KillRow> SignalAsync(KillCase one, Undisturbed undisturbed, IReadOnlyList<string> expected)
    {
        if (Scenario.Fault is { } fault) await FaultAsync(fault);
        var signal = one.At % 2 == 0 ? "TERM" : "INT";
        var after = undisturbed.Took * (one.At / 1000.0);
        var interruption = await Interruption.OfAsync(Cluster, Scenario.Target, Scenario.ArgumentsOn(this, builds: true), signal, after, twice: one.Moment == Moment.TwoSignals);
        var place = $"SIG{signal} after {after.TotalSeconds:0.0} s, {interruption.Stage}";
        if (!interruption.CameInTime)
            return Row(one, place, interruption.ExitCode == Scenario.ExitCode ? KillRow.WasOver : $"over before, and exit code {interruption.ExitCode}", 0);

        using var world = new World(Cluster);
        var wrong = interruption.Wrong ?? (one.Moment == Moment.Signal ? await world.UnsettledAsync(finished: false) : null);
        if (wrong is null && Scenario.Serves && await world.ServingAsync() is var serving and < 3) wrong = $"only {serving} webheads serve after it";
        var again = await AgainAsync(expected);
        return Row(one, place, wrong is null ? again : $"{wrong}; then: {again}", interruption.AfterSignal.TotalSeconds);
    }

    // The fault is there again: what it failed on, it fails on again.
    private async Task<string> AgainAsync(IReadOnlyList<string> expected)
    {
        if (Scenario.SecondFault is { } fault) await FaultAsync(fault);
        var run = await Cluster.RunAsync(Scenario.Target, Scenario.ArgumentsOn(this, builds: false));
        if (Scenario.SecondFault is not null) await ClearAsync();
        if (run.ExitCode != Scenario.ExitCode) return $"exit code {run.ExitCode}: {run.Output[Math.Max(0, run.Output.Length - 3000)..]}";
        using var world = new World(Cluster);
        return await world.DifferenceAsync(expected) ?? await world.UnsettledAsync(finished: true) ?? "converged";
    }

    private async Task<HookedRun> HookedAsync(int at, Moment moment, string? fault)
    {
        if (fault is not null) await FaultAsync(fault);
        Process? process = null;
        await using var killer = await Killer.StartAsync(Cluster, () => process = Cluster.Start(Scenario.Target, Scenario.ArgumentsOn(this, builds: false)), at, moment);
        var output = await Cluster.OutputAsync(process!);
        await ClearAsync();
        using (process) return new HookedRun(process!.ExitCode, output, killer.Calls);
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

    private async Task RenewAsync()
    {
        await DisposeAsync();
        stopping.ThrowIfCancellationRequested();
        cluster = new Cluster { Checkout = checkout.Root, Stopping = stopping };
        await cluster.StartCloudAsync();
        var release = bundles.Use(checkout, 0);
        if (!Scenario.Serves) return;
        await DeployAsync();
        if (!Scenario.HasTwoReleases) return;

        Releases = [release, bundles.Use(checkout, 1)];
        await DeployAsync();
    }

    private async Task DeployAsync()
    {
        var run = await Cluster.RunAsync("Deploy", KillScenario.Built);
        if (run.ExitCode != 0) throw new HarnessException($"The cluster for {Scenario.Name} could not be made:\n{run.Output}");
    }

    private void Expect(HookedRun run)
    {
        if (run.ExitCode != Scenario.ExitCode) throw new HarnessException($"{Scenario.Target}, undisturbed, ended with {run.ExitCode}:\n{run.Output}");
    }

    private static KillRow Row(KillCase one, string place, string outcome, double seconds) =>
        new(one.Id, one.Scenario.Name, one.Moment, place, outcome, Math.Round(seconds, 1), Requests: 0);

    private sealed record HookedRun(int ExitCode, string Output, IReadOnlyList<string> Calls);
}
