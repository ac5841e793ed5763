using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Processes;

namespace SyncStorage.Pipeline;

/// <summary>Who runs this, where, and from which commit: for the lock and the history.</summary>
/// <param name="options">Knows the repository.</param>
/// <param name="processes">Asks git.</param>
public sealed class RunOrigin(RunOptions options, IProcessRunner processes)
{
    /// <summary>E.g. <c>ann@laptop</c>; on GitHub its actor.</summary>
    public string Who { get; } = IsGitHub ? Of("GITHUB_ACTOR") ?? "github" : $"{Environment.UserName}@{Environment.MachineName}";

    /// <summary>The CI run's page, or null.</summary>
    public Uri? Run { get; } = IsGitHub && Of("GITHUB_SERVER_URL") is { } server && Of("GITHUB_REPOSITORY") is { } repository && Of("GITHUB_RUN_ID") is { } id
        ? new Uri($"{server}/{repository}/actions/runs/{id}")
        : null;

    /// <summary>The checked-out commit, with <c>+changes</c> where files differ from it; null outside git.</summary>
    public async Task<string?> CommitAsync(CancellationToken cancellationToken)
    {
        try
        {
            var head = await processes.RunAsync("git", ["rev-parse", "HEAD"], options.RepositoryRoot, environment: null, cancellationToken);
            if (head.ExitCode != 0) return null;
            var status = await processes.RunAsync("git", ["status", "--porcelain", "--untracked-files=no"], options.RepositoryRoot, environment: null, cancellationToken);
            return head.Output.Trim() + (status.ExitCode == 0 && status.Output.Trim().Length == 0 ? "" : "+changes");
        }
        catch (PipelineException exception) when (exception.Code == ErrorCode.MissingProgram)
        {
            return null;
        }
    }

    private static bool IsGitHub => Of("GITHUB_ACTIONS") == "true";

    private static string? Of(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
