using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Locking;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.History;

/// <summary>The end of a run that may have changed something: journal, history, and the lock back.</summary>
public sealed class RunEnd(DeploymentLock deployLock, DeploymentJournal journal, DeploymentHistory history, TimeProvider time, IProgress progress)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(30);

    // A CI runner gives 7 s in all, and undoing comes first.
    private static readonly TimeSpan BudgetWhenInterrupted = TimeSpan.FromSeconds(1.5);

    /// <summary>Notes how the run ended, and gives the lock back. It never fails: the run is over.</summary>
    /// <param name="failure">What ended it; null if it succeeded.</param>
    /// <param name="interrupted">Whether there is little time.</param>
    public async Task RunAsync(PipelineException? failure, bool interrupted)
    {
        if (!deployLock.IsTaken) return;
        var budget = interrupted ? BudgetWhenInterrupted : Budget;
        using var limit = new CancellationTokenSource(budget, time);
        try
        {
            await journal.EndAsync(failure, limit.Token);
            await history.WriteAsync(failure, limit.Token);
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            progress.Notice($"journal and history could not be written: {exception.Message}");
        }

        await deployLock.ReleaseAsync(interrupted ? TimeSpan.FromSeconds(1) : budget);
    }
}
