using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using SyncStorage.Pipeline.Local;
using SyncStorage.Pipeline.Processes;

namespace SyncStorage.Pipeline.Hooks;

/// <summary>
/// Runs a hook's program, without a shell, with a text on its standard input. It has a session of its own, so that it can be ended with
/// everything that it started: when its time is over, and when the run is interrupted.
/// </summary>
public sealed class HookCommand(RunOptions options, TimeProvider time)
{
    private const string Session = "/usr/bin/setsid";
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs it to its end.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The run was interrupted.</exception>
    public async Task<HookResult> RunAsync(IReadOnlyList<string> command, string input, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var process = new Process { StartInfo = StartOf(command) };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            return new HookResult($"can't be started: {exception.Message}");
        }

        var output = new StringBuilder();
        var reading = Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, output), FeedAsync(process, input));
        try
        {
            await process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            await process.EndGroupAsync(Grace);
            cancellationToken.ThrowIfCancellationRequested();
            return new HookResult($"took longer than {timeout.TotalSeconds:0.#} s, and was ended", Tail(output));
        }

        // Something that it left running may hold on to its output.
        await Task.WhenAny(reading, Task.Delay(Grace, time, cancellationToken));
        return process.ExitCode == 0 ? HookResult.Success : new HookResult($"exited with {process.ExitCode}", Tail(output));
    }

    /// <summary>Why a hook's program can't be started, as far as its name tells; null if nothing is in the way.</summary>
    /// <param name="program">A path, relative to the repository, or a name that is looked for in PATH.</param>
    public string? Obstacle(string program)
    {
        ArgumentNullException.ThrowIfNull(program);

        // There, what is started may have another ending than is written.
        if (OperatingSystem.IsWindows()) return null;
        if (!program.Contains('/', StringComparison.Ordinal))
            return Machine.IsInPath(program) ? null : $"{program} is in no folder of PATH";
        var file = Path.GetFullPath(program, options.RepositoryRoot);
        if (Machine.IsExecutable(file)) return null;
        return File.Exists(file) ? $"{file} is not executable" : $"there is no file {file}";
    }

    private ProcessStartInfo StartOf(IReadOnlyList<string> command)
    {
        var ownSession = File.Exists(Session);
        return new ProcessStartInfo(ownSession ? Session : command[0], ownSession ? command : command.Skip(1))
        {
            WorkingDirectory = options.RepositoryRoot,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private static async Task FeedAsync(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended, or closed its input: nobody needs to read.
        }
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder output)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
                lock (output) output.AppendLine(line);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // The hook is over, and what still held its output was given up.
        }
    }

    private static string? Tail(StringBuilder output)
    {
        lock (output) return HookResult.Tail(output.ToString());
    }
}
