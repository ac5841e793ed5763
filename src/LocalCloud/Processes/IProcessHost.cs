namespace SyncStorage.LocalCloud.Processes;

/// <summary>
/// Starts, watches and ends the processes of the data plane. Each runs in a session of its own with its standard
/// streams on files, never on inherited pipes, and outlives LocalCloud's restart: it is found again by pid and start time.
/// </summary>
internal interface IProcessHost
{
    /// <summary>Starts a process and returns what finds it again.</summary>
    /// <exception cref="InvalidOperationException">It could not be started; the message says why.</exception>
    Task<ProcessHandle> StartAsync(ProcessSpec spec, CancellationToken cancellationToken);

    /// <summary>Whether it still runs: same pid, same start time, not a zombie.</summary>
    bool IsAlive(ProcessHandle handle);

    /// <summary>SIGTERM to its process group, then SIGKILL after <paramref name="grace"/>. No error if it is gone.</summary>
    Task StopAsync(ProcessHandle handle, TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>Completes when it has ended (polled). Gives the exit code if it is known (children of this LocalCloud), else null.</summary>
    Task<int?> WaitForExitAsync(ProcessHandle handle, CancellationToken cancellationToken);
}

/// <param name="Executable">Absolute path.</param>
/// <param name="Arguments">Without the executable.</param>
/// <param name="Environment">The whole environment: nothing is inherited.</param>
/// <param name="WorkingDirectory">Absolute path.</param>
/// <param name="LogFile">Where standard output and error are appended.</param>
internal sealed record ProcessSpec(
    string Executable, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string WorkingDirectory, string LogFile);

/// <param name="Pid">The process id, leader of its own session and group.</param>
/// <param name="StartTicks">Field 22 of <c>/proc/pid/stat</c>: tells it from a later process with the same pid.</param>
internal sealed record ProcessHandle(int Pid, long StartTicks);
