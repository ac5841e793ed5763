namespace SyncStorage.Pipeline.Errors;

/// <summary>A failure that says what happened, what was last seen, and what to do next.</summary>
/// <param name="code">The stable code: it decides the exit code.</param>
/// <param name="message">What happened, in a sentence.</param>
/// <param name="lastSeen">The last state seen before giving up, if any.</param>
/// <param name="hint">What a person does next, if anything helps: a command or a setting.</param>
/// <param name="inner">The cause.</param>
public sealed class PipelineException(
    ErrorCode code, string message, string? lastSeen = null, string? hint = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>The stable code.</summary>
    public ErrorCode Code => code;

    /// <summary>The last state seen, or null.</summary>
    public string? LastSeen => lastSeen;

    /// <summary>What to do next, or null.</summary>
    public string? Hint => hint;
}
