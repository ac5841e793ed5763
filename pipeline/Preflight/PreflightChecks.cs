using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Preflight;

/// <summary>All the checks: each is made, whatever the others found.</summary>
public sealed class PreflightChecks(IEnumerable<IPreflightCheck> checks, IProgress progress)
{
    private const string Nothing = "nothing has been made or changed";

    /// <summary>Looks at everything.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.PreflightFailed"/> with all problems, or AWS does not answer.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        var problems = new List<Problem>();
        foreach (var check in checks) problems.AddRange(await RunAsync(check, cancellationToken));
        if (problems.Count > 0) throw Failed([.. problems.DistinctBy(problem => problem.What)]);
    }

    private async Task<IReadOnlyList<Problem>> RunAsync(IPreflightCheck check, CancellationToken cancellationToken)
    {
        try
        {
            var result = await check.RunAsync(cancellationToken);
            if (result.Found is { } found) progress.Found(found);
            foreach (var notice in result.Notices) progress.Notice(notice);
            return result.Problems;
        }
        catch (AmazonServiceException refusal) when (refusal.IsDenied())
        {
            // What may not be asked may still be well: many accounts don't let a deployer read its quotas.
            progress.Notice($"{check.About}: can't be checked, {refusal.ErrorCode}: {refusal.Message}");
            return [];
        }
        catch (PipelineException failure) when (failure.Code is not ErrorCode.AwsUnreachable)
        {
            return [new Problem(failure.Message, failure.Hint ?? "")];
        }
        catch (AmazonServiceException refusal) when (Failures.Explain(refusal) is { Code: not ErrorCode.AwsUnreachable } failure)
        {
            return [new Problem($"{check.About}: {failure.Message}", failure.Hint ?? "")];
        }
    }

    // Each with its remedy: who reads a list of remedies below has lost count.
    private static PipelineException Failed(IReadOnlyList<Problem> problems) => problems is [var only]
        ? new PipelineException(ErrorCode.PreflightFailed, only.What, Nothing, only.Next)
        : new PipelineException(
            ErrorCode.PreflightFailed,
            $"{problems.Count} things stand in the way:{string.Concat(problems.Select((problem, i) => $"\n  {i + 1}. {problem.What} {problem.Next}"))}",
            Nothing, $"Correct them, and look again: ./build.sh --target={PreflightStage.Name}");
}
