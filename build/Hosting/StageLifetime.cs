using Cake.Core;
using Cake.Frosting;
using SyncStorage.Pipeline;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Hooks;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Locking;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Build.Hosting;

/// <summary>Around each stage: what it finds and changes is reported as its own, and none asks AWS anything before the account is known to be the right one.</summary>
public sealed class StageLifetime(
    RunOptions options, Lazy<ConsoleProgress> progress, Lazy<AccountGuard> guard, Lazy<DeploymentLock> deployLock, Lazy<SavedPlans> plans, Lazy<DeploymentJournal> journal,
    Lazy<StageHooks> hooks, Lazy<Observation> observation, StagesAhead ahead) : FrostingTaskLifetime<DeployContext>
{
    private StageScope? stage;
    private bool hasHooks;
    private bool deploymentHasBegun;

    public override void Setup(DeployContext context, ITaskSetupContext info)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        if (TargetCatalog.StageOf(info.Task.Name) is not { } target)
            return;

        hasHooks = false;
        stage = progress.Value.BeginStage(info.Task.Name);
        PrepareAsync(info.Task.Name, target, context.CancellationToken).GetAwaiter().GetResult();
    }

    private async Task PrepareAsync(string name, StageAttribute target, CancellationToken cancellationToken)
    {
        if (target.Kind != StageKind.Offline)
            await guard.Value.CheckAsync(cancellationToken);
        if (target.Kind == StageKind.Looks || options.List)
            return;
        if (target.Kind != StageKind.Offline)
            await BeginAsync(name, target, cancellationToken);

        hasHooks = name != StageHooks.Deployment;
        if (hasHooks)
            await hooks.Value.BeforeAsync(name, cancellationToken);
    }

    private async Task BeginAsync(string name, StageAttribute target, CancellationToken cancellationToken)
    {
        var first = !deployLock.Value.IsTaken;
        if (first)
            await plans.Value.CheckBeforeLockAsync(cancellationToken);

        // Only a deployment makes something out of nothing.
        await deployLock.Value.TakeAsync(makeBucket: target is { Kind: StageKind.Changes, Deployment: DeploymentKind.Deploy }, cancellationToken);
        if (first)
            await plans.Value.CheckAsync(cancellationToken);
        if (target.Kind == StageKind.Changes && deployLock.Value.IsTaken)
            await journal.Value.BeginAsync(target.Deployment, name, cancellationToken);
        if (first && ahead.Facts is not Facts.None)
            observation.Value.Begin(ahead.Facts, cancellationToken);

        // Under the lock, and before anything is changed.
        if (deploymentHasBegun || !options.Includes(StageHooks.Deployment))
            return;
        deploymentHasBegun = true;
        await hooks.Value.BeforeAsync(StageHooks.Deployment, cancellationToken);
    }

    public override void Teardown(DeployContext context, ITaskTeardownContext info)
    {
        var succeeded = info.Successful || info.ThrownException is PipelineException { Code: ErrorCode.PlanHasChanges };
        if (hasHooks)
        {
            var failure = succeeded || info.ThrownException is not { } thrown ? null : Failures.Explain(thrown);
            hooks.Value.AfterAsync(info.Task.Name, failure, over: false, context.CancellationToken).GetAwaiter().GetResult();
        }

        if (succeeded)
            stage?.Done();
        stage?.Dispose();
        stage = null;
    }
}
