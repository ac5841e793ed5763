using System.Collections.Concurrent;
using System.Text;
using SyncStorage.LocalCloud.Processes;
using SyncStorage.LocalCloud.Services.Ec2.Machines;

namespace SyncStorage.LocalCloud.Services.Ssm.Commands;

/// <summary>How a script ended.</summary>
internal sealed record CommandResult(InvocationStatus Status, int ResponseCode);

/// <summary>Runs scripts in instances, with a time limit; the exit code is on file, for a LocalCloud that restarted.</summary>
internal sealed class CommandRunner(IProcessHost processes, IInstanceShells shells, TimeProvider time)
{
    // $1 script, $2 and $3 its output, $4 where the exit code goes.
    private const string Wrapper = """sh "$1" >"$2" 2>"$3"; echo "$?" >"$4.new"; mv "$4.new" "$4" """;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, CancellationTokenSource> cancellations = new(StringComparer.Ordinal);

    /// <summary>Starts a script.</summary>
    /// <exception cref="InvalidOperationException">The instance is gone, or the script can't be started.</exception>
    public async Task<ProcessHandle> StartAsync(string instanceId, CommandRecord command, CommandOutput output)
    {
        var shell = shells.ShellOf(instanceId) ?? throw new InvalidOperationException($"{instanceId} does not take commands any more.");
        PrivateFile.CreateDirectory(output.Directory);
        PrivateFile.Write(output.Script, Encoding.UTF8.GetBytes(string.Join('\n', command.Parameters["commands"]) + "\n"));
        var directory = command.Parameters.GetValueOrDefault("workingDirectory") is [{ Length: > 0 } asked, ..] ? shell.Paths.Below(asked) : shell.Paths.Root;
        return await processes.StartAsync(
            new ProcessSpec(
                "/bin/sh",
                ["-c", Wrapper, "ssm", output.Script, output.StandardOutput, output.StandardError, output.ExitCodeFile],
                shell.Environment, directory, Path.Combine(output.Directory, "agent.log")),
            CancellationToken.None);
    }

    /// <summary>Waits for its end, its time limit, or <see cref="Cancel"/>. Null if LocalCloud leaves first.</summary>
    public async Task<CommandResult?> WaitAsync(string key, ProcessHandle handle, CommandOutput output, TimeSpan limit, CancellationToken leaving)
    {
        var cancelled = Cancellation(key);
        using var expired = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.FromMilliseconds(1), time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancelled.Token, expired.Token, leaving);
        try
        {
            await processes.WaitForExitAsync(handle, ends.Token);
            return output.ExitCode is { } code
                ? new CommandResult(code == 0 ? InvocationStatus.Success : InvocationStatus.Failed, code)
                : new CommandResult(InvocationStatus.Failed, -1);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            await processes.StopAsync(handle, Grace, CancellationToken.None);
            return new CommandResult(cancelled.IsCancellationRequested ? InvocationStatus.Cancelled : InvocationStatus.TimedOut, -1);
        }
        finally
        {
            cancellations.TryRemove(key, out _);
        }
    }

    /// <summary>Ends a script that has not ended, also one that is only about to start.</summary>
    public void Cancel(string key) => Cancellation(key).Cancel();

    private CancellationTokenSource Cancellation(string key) => cancellations.GetOrAdd(key, static _ => new CancellationTokenSource());
}
