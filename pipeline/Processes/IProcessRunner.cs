namespace SyncStorage.Pipeline.Processes;

/// <summary>Runs programs of this machine: the SDK, a package manager.</summary>
public interface IProcessRunner
{
    /// <summary>
    /// Runs a program to its end, with standard input closed. Cancellation ends its process tree and throws
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    /// <param name="program">A path, or a name found in PATH.</param>
    /// <param name="arguments">One element an argument; no quoting.</param>
    /// <param name="workingDirectory">Absolute path.</param>
    /// <param name="environment">Added to this process's environment; a null value removes a variable.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <exception cref="Errors.PipelineException">The program can't be started (<see cref="Errors.ErrorCode.MissingProgram"/>).</exception>
    Task<ProcessResult> RunAsync(
        string program, IReadOnlyList<string> arguments, string workingDirectory, IReadOnlyDictionary<string, string?>? environment, CancellationToken cancellationToken);
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">0 is success.</param>
/// <param name="Output">Standard output and error, in the order of their lines' arrival.</param>
public sealed record ProcessResult(int ExitCode, string Output)
{
    /// <summary>The last lines of the output, for errors.</summary>
    public string Tail(int lines)
    {
        var all = Output.TrimEnd().Split('\n');
        return string.Join('\n', all.Skip(Math.Max(0, all.Length - lines)));
    }
}
