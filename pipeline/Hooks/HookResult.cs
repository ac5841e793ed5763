namespace SyncStorage.Pipeline.Hooks;

/// <summary>How a hook ended.</summary>
/// <param name="Failure">Why it failed; null if it did not.</param>
/// <param name="Output">The last lines that it printed, or that it was answered.</param>
public sealed record HookResult(string? Failure, string? Output = null)
{
    /// <summary>It succeeded.</summary>
    public static readonly HookResult Success = new(Failure: null);

    /// <summary>The last lines of a text; null if there are none.</summary>
    internal static string? Tail(string text) => text.Trim() is { Length: > 0 } trimmed ? string.Join('\n', trimmed.Split('\n').TakeLast(10)) : null;
}
