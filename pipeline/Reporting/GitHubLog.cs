namespace SyncStorage.Pipeline.Reporting;

/// <summary>GitHub's workflow commands, on standard output, and its job summary.</summary>
/// <param name="output">Where its runner reads commands.</param>
/// <param name="summaryFile">The job summary's file (<c>GITHUB_STEP_SUMMARY</c>), or null.</param>
public sealed class GitHubLog(TextWriter output, string? summaryFile)
{
    /// <summary>The log of the job that this process runs in; null outside GitHub Actions.</summary>
    public static GitHubLog? OfThisJob(TextWriter output) => Environment.GetEnvironmentVariable("GITHUB_ACTIONS") == "true"
        ? new GitHubLog(output, Environment.GetEnvironmentVariable("GITHUB_STEP_SUMMARY"))
        : null;

    /// <summary>Begins a group that folds.</summary>
    public void BeginGroup(string title) => output.WriteLine($"::group::{Data(title)}");

    /// <summary>Ends the group.</summary>
    public void EndGroup() => output.WriteLine("::endgroup::");

    /// <summary>An annotation that people see without opening the log.</summary>
    public void Notice(string message) => output.WriteLine($"::notice::{Data(message)}");

    /// <summary>An error annotation.</summary>
    public void Error(string title, string message) => output.WriteLine($"::error title={Property(title)}::{Data(message)}");

    /// <summary>Appends to the job summary, if there is one.</summary>
    public void AppendSummary(string markdown)
    {
        if (!string.IsNullOrEmpty(summaryFile))
            File.AppendAllText(summaryFile, markdown);
    }

    private static string Data(string text) => text
        .Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
