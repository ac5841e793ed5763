using Cake.Core;
using Cake.Frosting;
using SyncStorage.Pipeline;
using SyncStorage.Pipeline.Locking;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Build.Hosting;

/// <summary>Before all tasks, loads the settings; after them, records how the run ended, and leaves its report.</summary>
public sealed class DeployLifetime(
    Outcome outcome, RunOptions options, Lazy<CurrentEnvironment> environment, Lazy<RunReport> report, Lazy<ReportWriter> writer,
    Lazy<DeploymentLock> deployLock)
    : FrostingLifetime<DeployContext>
{
    private static readonly TimeSpan ReleaseBudget = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReleaseBudgetWhenInterrupted = TimeSpan.FromSeconds(2);

    private bool leavesReport;

    /// <summary>Touches nothing outside: a dry run comes by here too.</summary>
    public override void Setup(DeployContext context, ISetupContext info)
    {
        var kinds = info.TasksToExecute.Select(task => TargetCatalog.StageKindOf(task.Name)).ToList();
        leavesReport = kinds.Exists(kind => kind is StageKind.Changes or StageKind.Removes) && !context.IsDryRun;
        if (kinds.TrueForAll(kind => kind is null) && !options.NamesSettings)
            return;

        var loaded = environment.Value.Loaded;
        report.Value.Environment = loaded.Name;
        report.Value.Cluster = loaded.Settings.Cluster;
    }

    public override void Teardown(DeployContext context, ITeardownContext info)
    {
        if (info.ThrownException is { } exception)
            outcome.Record(exception);
        if (!leavesReport)
            return;

        // Where the settings could not be loaded, nothing was taken.
        if (environment.Value.IsLoaded)
            deployLock.Value.ReleaseAsync(context.CancellationToken.IsCancellationRequested ? ReleaseBudgetWhenInterrupted : ReleaseBudget).GetAwaiter().GetResult();
        outcome.Report = writer.Value.Write(outcome.Failure);
    }
}
