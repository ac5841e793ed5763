using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Instances;

/// <summary>
/// Removes what is temporary, on success, failure and Ctrl-C alike, with a time budget of its own that no signal cancels. A cleanup
/// that fails never hides the failure that led to it.
/// </summary>
public sealed class Cleanup(TimeProvider time, IProgress progress)
{
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(2);

    /// <summary>After Ctrl-C everything must be over within 7 s.</summary>
    private static readonly TimeSpan BudgetWhenInterrupted = TimeSpan.FromSeconds(5);

    /// <summary>Does the work, then the cleanup.</summary>
    /// <param name="work">What makes temporary things.</param>
    /// <param name="clean">What removes them, by calls that return at once.</param>
    public async Task<T> AfterAsync<T>(Func<Task<T>> work, Func<CancellationToken, Task> clean)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(clean);
        T result;
        try
        {
            result = await work();
        }
        catch (Exception failure)
        {
            using var budget = new CancellationTokenSource(failure is OperationCanceledException ? BudgetWhenInterrupted : Budget, time);
            try
            {
                await clean(budget.Token);
            }
            catch (Exception second) when (second is PipelineException or Amazon.Runtime.AmazonServiceException or Amazon.Runtime.AmazonClientException or OperationCanceledException)
            {
                progress.Notice($"cleaning up failed too: {second.Message}. ./build.sh --target=Sweep removes what is left.");
            }

            throw;
        }

        using (var budget = new CancellationTokenSource(Budget, time)) await clean(budget.Token);
        return result;
    }
}
