using Cake.Core;
using Cake.Frosting;
using SyncStorage.Pipeline;
using SyncStorage.Pipeline.History;
using SyncStorage.Pipeline.Hooks;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Build.Hosting;

/// <summary>Before all tasks, loads the settings; after them, records how the run ended, and leaves its report.</summary>
public sealed class DeployLifetime(
    Outcome outcome, RunOptions options, Lazy<CurrentEnvironment> environment, Lazy<RunReport> report, Lazy<ReportWriter> writer,
    Lazy<RunEnd> end, Lazy<SavedPlans> plans, Lazy<StageHooks> hooks, StagesAhead ahead)
    : FrostingLifetime<DeployContext>
{
    private bool leavesReport;
    private bool isDeployment;

    /// <summary>Touches nothing outside: a dry run comes by here too.</summary>
    public override void Setup(DeployContext context, ISetupContext info)
    {
        var kinds = info.TasksToExecute.Select(task => TargetCatalog.StageKindOf(task.Name)).ToList();
        leavesReport = kinds.Exists(kind => kind is StageKind.Changes or StageKind.Removes) && !context.IsDryRun && !options.List;
        if (kinds.TrueForAll(kind => kind is null) && !options.NamesSettings)
            return;

        var loaded = environment.Value.Loaded;
        report.Value.Environment = loaded.Name;
        report.Value.Cluster = loaded.Settings.Cluster;
        if (!leavesReport)
            return;

        var names = info.TasksToExecute.Select(task => task.Name).ToList();
        ahead.Names = names;
        hooks.Value.RequireReady(names);
        plans.Value.Load();
        isDeployment = names.Contains(StageHooks.Deployment);
    }

    public override void Teardown(DeployContext context, ITeardownContext info)
    {
        if (info.ThrownException is { } exception)
            outcome.Record(exception);
        if (report.IsValueCreated)
            outcome.Answer = report.Value.Answer;
        if (!leavesReport)
            return;

        // Where the settings could not be loaded, nothing was taken.
        if (environment.Value.IsLoaded)
        {
            end.Value.RunAsync(outcome.Failure, context.CancellationToken.IsCancellationRequested).GetAwaiter().GetResult();
            if (isDeployment)
                hooks.Value.AfterAsync(StageHooks.Deployment, outcome.Failure, over: true, context.CancellationToken).GetAwaiter().GetResult();
        }

        outcome.Report = writer.Value.Write(outcome.Failure);
    }
}
