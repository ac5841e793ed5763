using System.Globalization;
using SyncStorage.LocalCloud.Processes;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines.Units;

internal enum UnitState
{
    Inactive,
    Active,
    Activating,
    Failed,
}

/// <summary>One unit of one machine: starts it, starts it again as its <c>Restart=</c> says, stops it.</summary>
internal sealed class UnitRunner(string name, IUnitHost host) : IDisposable
{
    // A clock near zero must not make a crash loop spin.
    private static readonly TimeSpan ShortestRestart = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim gate = new(1);
    private readonly UnitProcess process = new(host);
    private StartLimit limit = new();
    private CancellationTokenSource watching = new();
    private Task watch = Task.CompletedTask;
    private volatile ProcessHandle? main;

    public UnitState State { get; private set; }

    public ProcessHandle? MainProcess => main;

    /// <summary>Starts it, if it does not run. Gives null, or why it failed.</summary>
    public async Task<string?> StartAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (State is UnitState.Active or UnitState.Activating) return null;
            if (host.Load(name) is not { } unit) return $"Unit {name} not found.";
            if (!process.ConditionsHold(unit, out var unmet))
            {
                host.Console.Write("systemd", $"{name}: skipped, {unmet}.");
                return null;
            }

            watching = new CancellationTokenSource();
            limit = new StartLimit();
            limit.TryStart(unit.StartLimitBurst, unit.StartLimitInterval);
            var failure = await BeginAsync(unit, cancellationToken);
            if (main is not null || (failure is not null && MayRestart(unit, null))) Watch(main);
            else if (failure is not null) State = UnitState.Failed;
            return failure;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Takes over a process that an earlier LocalCloud started, or what is left of it.</summary>
    public void Adopt(ProcessHandle handle)
    {
        main = handle;
        State = UnitState.Active;
        Watch(handle);
    }

    /// <summary>Stops it: its signal, then, when its time is up, SIGKILL.</summary>
    public async Task StopAsync()
    {
        await gate.WaitAsync();
        try
        {
            await watching.CancelAsync();
            await watch;
            if (main is { } handle) await EndAsync(handle);
            SetMain(null);
            State = UnitState.Inactive;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Stops watching; the process goes on.</summary>
    public async Task DetachAsync()
    {
        await watching.CancelAsync();
        await watch;
    }

    /// <summary>Runs its <c>ExecReload</c>. Gives null, or why it failed.</summary>
    public async Task<string?> ReloadAsync(CancellationToken cancellationToken)
    {
        if (main is not { } handle || host.Load(name) is not { } unit) return $"{name} is not active, cannot reload.";
        if (unit.ExecReload.Count == 0) return $"Failed to reload {name}: Job type reload is not applicable for unit {name}.";
        foreach (var command in unit.ExecReload)
        {
            if (await process.RunAsync(unit, command, handle, cancellationToken) != 0) return $"Job for {name} failed.";
        }

        return null;
    }

    public void Dispose()
    {
        watching.Dispose();
        gate.Dispose();
    }

    /// <summary>Conditions, what comes before, and the process itself. Gives null, or why it failed.</summary>
    private async Task<string?> BeginAsync(UnitFile unit, CancellationToken cancellationToken)
    {
        try
        {
            State = UnitState.Activating;
            foreach (var condition in unit.ExecCondition)
            {
                var code = await process.RunAsync(unit, condition, null, cancellationToken);
                if (code == 0) continue;
                State = UnitState.Inactive;
                host.Console.Write("systemd", $"{name}: skipped, its ExecCondition exited with {code}.");
                return code < 255 ? null : Fail("ExecCondition failed");
            }

            foreach (var before in unit.ExecStartPre)
            {
                var code = await process.RunAsync(unit, before, null, cancellationToken);
                if (code != 0) return Fail($"its ExecStartPre exited with {code}");
            }

            return unit.IsOneshot ? await RunOnceAsync(unit, cancellationToken) : await StartMainAsync(unit);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            return Fail(exception.Message);
        }
    }

    private async Task<string?> RunOnceAsync(UnitFile unit, CancellationToken cancellationToken)
    {
        foreach (var command in unit.ExecStart)
        {
            var code = await process.RunAsync(unit, command, null, cancellationToken);
            if (code != 0) return Fail($"it exited with {code}");
        }

        State = unit.RemainAfterExit ? UnitState.Active : UnitState.Inactive;
        host.Console.Write("systemd", $"Finished {unit.Description}.");
        return null;
    }

    private async Task<string?> StartMainAsync(UnitFile unit)
    {
        if (unit.ExecStart is not [var command]) return Fail($"a service of type {unit.Type} has exactly one ExecStart");
        var (handle, _) = await process.StartAsync(unit, command, null);
        SetMain(handle);
        State = UnitState.Active;
        host.Console.Write("systemd", $"Started {unit.Description} (pid {handle.Pid}).");
        return null;
    }

    private string Fail(string reason)
    {
        State = UnitState.Failed;
        host.Console.Write("systemd", $"{name}: failed: {reason}.");
        return $"Job for {name} failed: {reason}.";
    }

    private void Watch(ProcessHandle? handle) => watch = Task.Run(() => WatchAsync(handle, watching.Token));

    private async Task WatchAsync(ProcessHandle? handle, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var started = host.Time.GetTimestamp();
                var code = handle is null ? null : await host.Processes.WaitForExitAsync(handle, cancellationToken);
                limit.Pass(host.Time.GetElapsedTime(started));
                if (handle is not null) await EndedAsync(handle, code);
                if (host.Load(name) is not { } unit || !await RestartAsync(unit, code, cancellationToken)) return;
                handle = main;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It is being stopped, or LocalCloud leaves it alone: whoever cancelled knows what comes next.
        }
    }

    /// <summary>What the main process left in its group ends with it.</summary>
    private async Task EndedAsync(ProcessHandle handle, int? code)
    {
        host.Console.Write("systemd", string.Create(CultureInfo.InvariantCulture, $"{name}: main process {handle.Pid} ended, status {(object?)code ?? "unknown"}."));
        await host.Processes.StopAsync(handle, TimeSpan.FromSeconds(2), CancellationToken.None);
        SetMain(null);
    }

    private async Task<bool> RestartAsync(UnitFile unit, int? code, CancellationToken cancellationToken)
    {
        State = IsClean(unit, code) ? UnitState.Inactive : UnitState.Failed;
        if (!MayRestart(unit, code)) return false;
        State = UnitState.Activating;
        limit.Pass(unit.RestartDelay);
        if (!limit.TryStart(unit.StartLimitBurst, unit.StartLimitInterval))
        {
            Fail("start request repeated too quickly (start-limit-hit)");
            return false;
        }

        var wait = host.Scale.Of(unit.RestartDelay);
        await Task.Delay(wait > ShortestRestart ? wait : ShortestRestart, host.Time, cancellationToken);
        await BeginAsync(unit, cancellationToken);
        return main is not null || State == UnitState.Failed;
    }

    private static bool MayRestart(UnitFile unit, int? code) => unit.Restart switch
    {
        "always" => true,
        "on-success" => IsClean(unit, code),
        "on-failure" => !IsClean(unit, code),
        "on-abnormal" or "on-abort" => code > 128 && !IsClean(unit, code),
        _ => false,
    };

    /// <summary>0, and what a shell reports of SIGHUP, SIGINT, SIGPIPE and SIGTERM. What nobody saw was no success.</summary>
    private static bool IsClean(UnitFile unit, int? code) =>
        code is 0 or 129 or 130 or 141 or 143 || (code is { } known && unit.SuccessExitStatus.Contains(known.ToString(CultureInfo.InvariantCulture)));

    private async Task EndAsync(ProcessHandle handle)
    {
        var unit = host.Load(name);
        var grace = unit?.StopTimeout ?? LongestStop;
        if (grace > LongestStop) grace = LongestStop;
        var signal = Signals.Parse(unit?.KillSignal ?? "SIGTERM");
        if (signal != Signals.Terminate && host.Processes.IsAlive(handle))
        {
            Signals.SendToGroup(handle.Pid, signal);
            using var budget = new CancellationTokenSource(grace, host.Time);
            await host.Processes.WaitForExitAsync(handle, budget.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            grace = TimeSpan.Zero;
        }

        await host.Processes.StopAsync(handle, grace, CancellationToken.None);
        host.Console.Write("systemd", $"Stopped {unit?.Description ?? name}.");
    }

    private void SetMain(ProcessHandle? handle)
    {
        main = handle;
        host.Remember(name, handle);
    }
}
