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
    private static readonly TimeSpan BudgetWhenInterrupted = TimeSpan.FromSeconds(4);

    /// <summary>Does the work, then the cleanup.</summary>
    /// <param name="work">What makes temporary things.</param>
    /// <param name="clean">What removes them, by calls that return at once.</param>
    /// <param name="cancellationToken">The run's: once it is cancelled, the cleanup has little time left.</param>
    public async Task<T> AfterAsync<T>(Func<Task<T>> work, Func<CancellationToken, Task> clean, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(clean);
        T result;
        try
        {
            result = await work();
        }
        catch
        {
            using var budget = new GracePeriod(Budget, BudgetWhenInterrupted, time, cancellationToken);
            try
            {
                await clean(budget.Token);
            }
            catch (Exception second) when (Failures.IsExpected(second))
            {
                progress.Notice($"cleaning up failed too: {second.Message}. ./build.sh --target=Sweep removes what is left.");
            }

            throw;
        }

        using (var budget = new GracePeriod(Budget, BudgetWhenInterrupted, time, cancellationToken)) await clean(budget.Token);
        return result;
    }
}
