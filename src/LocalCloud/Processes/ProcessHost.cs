using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace SyncStorage.LocalCloud.Processes;

/// <summary>
/// Runs the data plane's processes on Linux. A small shell puts the streams on files and becomes the process in a
/// session of its own, so that its pid is the one we know, and the exit code ours to read while we live.
/// </summary>
internal sealed class ProcessHost(TimeProvider time) : IProcessHost
{
    // $0 is the log file, "$@" the command. The streams are ours no more when standard error has been replaced.
    private const string Launcher = """exec </dev/null >>"$0" 2>&1 && exec setsid "$@" """;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan StartBudget = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<ProcessHandle, Task<int>> children = new();

    /// <inheritdoc/>
    public async Task<ProcessHandle> StartAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        Check(spec);
        var process = Launch(spec);
        var error = await process.StandardError.ReadToEndAsync(cancellationToken);
        if (error.Length > 0)
        {
            process.Dispose();
            throw new InvalidOperationException($"{spec.Executable} could not be started: {error.Trim()}");
        }

        var stat = ProcStat.Read(process.Id);
        var handle = new ProcessHandle(process.Id, stat?.StartTicks ?? 0);
        children[handle] = WatchAsync(process, handle);
        await OwnSessionAsync(handle, cancellationToken);
        return handle;
    }

    /// <inheritdoc/>
    public bool IsAlive(ProcessHandle handle) =>
        ProcStat.Read(handle.Pid) is { IsDead: false } stat && stat.StartTicks == handle.StartTicks;

    /// <inheritdoc/>
    public async Task StopAsync(ProcessHandle handle, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (!OwnsGroup(handle) || !Signals.SendToGroup(handle.Pid, Signals.Terminate)) return;
        if (await GroupEndsAsync(handle, grace, cancellationToken)) return;
        Signals.SendToGroup(handle.Pid, Signals.Kill);
        if (!await GroupEndsAsync(handle, StartBudget, cancellationToken))
            throw new InvalidOperationException($"Process {handle.Pid} did not end after SIGKILL; the kernel holds it.");
    }

    /// <inheritdoc/>
    public async Task<int?> WaitForExitAsync(ProcessHandle handle, CancellationToken cancellationToken)
    {
        if (children.TryGetValue(handle, out var exit)) return await exit.WaitAsync(cancellationToken);
        while (IsAlive(handle)) await Task.Delay(Poll * 5, time, cancellationToken);
        return null;
    }

    private static void Check(ProcessSpec spec)
    {
        if (!OperatingSystem.IsLinux())
            throw new InvalidOperationException("LocalCloud's data plane runs on Linux only: on this system use the deployed AWS environment, or a Linux machine.");
        if (!File.Exists(spec.Executable))
            throw new InvalidOperationException($"{spec.Executable} could not be started: there is no such file.");
        if ((File.GetUnixFileMode(spec.Executable) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) == 0)
            throw new InvalidOperationException($"{spec.Executable} could not be started: it is not executable.");
        if (!Directory.Exists(spec.WorkingDirectory))
            throw new InvalidOperationException($"{spec.Executable} could not be started: its working directory {spec.WorkingDirectory} does not exist.");
    }

    private static Process Launch(ProcessSpec spec)
    {
        // All three redirected: otherwise the runtime would hand our terminal's settings to the child.
        var start = new ProcessStartInfo("/bin/sh", ["-c", Launcher, spec.LogFile, spec.Executable, .. spec.Arguments])
        {
            WorkingDirectory = spec.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in spec.Environment) start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"{spec.Executable} could not be started: {exception.Message}", exception);
        }
    }

    /// <summary>Until then a signal to its group would find nobody.</summary>
    private static async Task OwnSessionAsync(ProcessHandle handle, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (ProcStat.Read(handle.Pid) is { IsDead: false } stat && stat.Session != handle.Pid)
        {
            if (TimeProvider.System.GetElapsedTime(started) > StartBudget)
                throw new InvalidOperationException($"Process {handle.Pid} did not get a session of its own within {StartBudget.TotalSeconds} s.");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
        }
    }

    private async Task<int> WatchAsync(Process process, ProcessHandle handle)
    {
        using (process)
        {
            await process.WaitForExitAsync();
            var code = process.ExitCode;
            _ = ForgetAsync(handle);
            return code;
        }
    }

    /// <summary>Exit codes are kept for a while, for whoever asks after the end.</summary>
    private async Task ForgetAsync(ProcessHandle handle)
    {
        await Task.Delay(TimeSpan.FromMinutes(10), time, CancellationToken.None);
        children.TryRemove(handle, out _);
    }

    /// <summary>Whether the group is still this process's: its leader lives, or is gone and its pid not reused.</summary>
    private static bool OwnsGroup(ProcessHandle handle) =>
        handle.Pid > 1 && (ProcStat.Read(handle.Pid) is not { } stat || stat.StartTicks == handle.StartTicks);

    private async Task<bool> GroupEndsAsync(ProcessHandle handle, TimeSpan budget, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (IsAlive(handle) || GroupLives(handle.Pid))
        {
            if (time.GetElapsedTime(started) >= budget) return false;
            await Task.Delay(Poll, time, cancellationToken);
        }

        return true;
    }

    /// <summary>Zombies count as gone: where nobody reaps orphans they stay in the group for ever.</summary>
    private static bool GroupLives(int group) =>
        Signals.SendToGroup(group, 0) && Proc.Pids().Any(pid => ProcStat.Read(pid) is { IsDead: false } stat && stat.Group == group);
}
