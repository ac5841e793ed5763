using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;

namespace SyncStorage.Pipeline.Preflight;

/// <summary>Asks EC2 whether it would do something, and for whom: its calls can be asked for without being carried out.</summary>
internal static class DryRun
{
    private const string AllowedCode = "DryRunOperation";

    /// <summary>Makes the call, whose request must say that it is a dry run.</summary>
    /// <param name="call">The call.</param>
    /// <param name="right">What its caller needs the right to, for people: <c>launch instances</c>.</param>
    /// <param name="what">What EC2 would do, for people.</param>
    /// <returns>What is in the way; null if nothing.</returns>
    public static async Task<Problem?> AskAsync(Func<Task> call, string right, string what)
    {
        try
        {
            using var asking = CallRecorder.DryRuns();
            await call();
            return null;
        }
        catch (AmazonServiceException answer) when (answer.ErrorCode == AllowedCode)
        {
            return null;
        }
        catch (AmazonServiceException refusal) when (refusal.IsDenied())
        {
            return new Problem($"This caller may not {right}: {refusal.Message}", "Give it the deployer's policy (docs/deployer-policy.json).");
        }
        catch (AmazonServiceException refusal) when (refusal.ErrorType == ErrorType.Sender)
        {
            return new Problem($"EC2 would not {what}: {refusal.ErrorCode}: {refusal.Message}", "Correct what it names.");
        }
    }
}
