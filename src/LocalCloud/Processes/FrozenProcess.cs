namespace SyncStorage.LocalCloud.Processes;

/// <summary>A process that is stopped in its tracks until this is disposed.</summary>
internal sealed class FrozenProcess : IAsyncDisposable
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    private readonly ProcessHandle process;

    private FrozenProcess(ProcessHandle process) => this.process = process;

    /// <summary>Returns when no thread of it runs any more: a write that had begun is complete.</summary>
    /// <exception cref="TimeoutException">It does not come to stand still.</exception>
    public static async Task<FrozenProcess> FreezeAsync(ProcessHandle process, TimeProvider time, CancellationToken cancellationToken)
    {
        var frozen = new FrozenProcess(process);
        try
        {
            Signals.SendTo(process.Pid, Signals.Freeze);
            var started = time.GetTimestamp();
            while (!AllThreadsStopped(process.Pid))
            {
                if (time.GetElapsedTime(started) > Budget)
                    throw new TimeoutException($"Process {process.Pid} did not stop within {Budget.TotalSeconds} s, so there is no snapshot of what it writes.");
                await Task.Delay(TimeSpan.FromMilliseconds(1), time, cancellationToken);
            }

            return frozen;
        }
        catch
        {
            await frozen.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        Signals.SendTo(process.Pid, Signals.Continue);
        return ValueTask.CompletedTask;
    }

    private static bool AllThreadsStopped(int pid)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{pid}/task").All(IsStopped);
        }
        catch (DirectoryNotFoundException)
        {
            // The process ended meanwhile.
            return true;
        }
    }

    private static bool IsStopped(string task)
    {
        try
        {
            // The state follows the name, which is in parentheses and may hold anything.
            var stat = File.ReadAllText(Path.Combine(task, "stat"));
            return stat[stat.LastIndexOf(')') + 2] is 'T' or 't' or 'Z';
        }
        catch (IOException)
        {
            // The thread ended meanwhile.
            return true;
        }
    }
}
