using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Build.Hosting;

/// <summary>
/// How the run ended. The engine loses exit codes, so the teardown records the failure here, and the program, which owns
/// this, returns its code.
/// </summary>
public sealed class Outcome(CancellationToken interrupted)
{
    /// <summary>What ended the run, or null.</summary>
    public PipelineException? Failure { get; private set; }

    /// <summary>What the engine said of failures; it matters only where it knows of one that was not recorded here.</summary>
    internal IList<string> EngineErrors { get; } = [];

    /// <summary>Where the run's report is, if it left one.</summary>
    public string? Report { get; set; }

    /// <summary>What a program asked for, for standard output.</summary>
    public string? Answer { get; set; }

    /// <summary>A line to print after everything else, the engine's output included.</summary>
    public string? LastLine { get; set; }

    /// <summary>Keeps the first failure.</summary>
    public void Record(Exception exception) => Failure ??= Explain(exception);

    /// <summary>The process's exit code.</summary>
    /// <param name="hostCode">What the engine's host returned: below 0 for arguments that it could not read.</param>
    public int ExitCodeOf(int hostCode) => Failure switch
    {
        { } failure => failure.Code.ExitCodeOf(),
        null when hostCode < 0 => ErrorCode.BadArgument.ExitCodeOf(),
        null when hostCode > 0 => ErrorCode.Unexpected.ExitCodeOf(),
        null => 0,
    };

    /// <summary>A cancellation that nobody asked for is a call that gave up, and no interruption.</summary>
    private PipelineException Explain(Exception exception) => Failures.Explain(exception) switch
    {
        { Code: ErrorCode.Interrupted, InnerException: OperationCanceledException } explained when !interrupted.IsCancellationRequested =>
            new PipelineException(ErrorCode.TimedOut, "A call got no answer in time, and was given up.", hint: explained.Hint, inner: exception),
        { Code: ErrorCode.Unexpected } explained when interrupted.IsCancellationRequested =>
            new PipelineException(ErrorCode.Interrupted, $"Interrupted: {explained.Message}", inner: exception),
        var explained => explained,
    };
}
