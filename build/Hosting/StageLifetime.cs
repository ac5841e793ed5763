using Cake.Core;
using Cake.Frosting;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Locking;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Build.Hosting;

/// <summary>Around each stage: what it finds and changes is reported as its own, and none asks AWS anything before the account is known to be the right one.</summary>
public sealed class StageLifetime(Lazy<ConsoleProgress> progress, Lazy<AccountGuard> guard, Lazy<DeploymentLock> deployLock, Lazy<DeploymentJournal> journal) : FrostingTaskLifetime<DeployContext>
{
    private StageScope? stage;

    public override void Setup(DeployContext context, ITaskSetupContext info)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        if (TargetCatalog.StageOf(info.Task.Name) is not { } target)
            return;

        stage = progress.Value.BeginStage(info.Task.Name);
        if (target.Kind != StageKind.Offline)
            PrepareAsync(info.Task.Name, target, context.CancellationToken).GetAwaiter().GetResult();
    }

    private async Task PrepareAsync(string name, StageAttribute target, CancellationToken cancellationToken)
    {
        await guard.Value.CheckAsync(cancellationToken);
        if (target.Kind == StageKind.Looks)
            return;

        // Only a deployment makes something out of nothing.
        await deployLock.Value.TakeAsync(makeBucket: target is { Kind: StageKind.Changes, Deployment: DeploymentKind.Deploy }, cancellationToken);
        if (target.Kind == StageKind.Changes && deployLock.Value.IsTaken)
            await journal.Value.BeginAsync(target.Deployment, name, cancellationToken);
    }

    public override void Teardown(DeployContext context, ITaskTeardownContext info)
    {
        var succeeded = info.Successful || info.ThrownException is PipelineException { Code: ErrorCode.PlanHasChanges };
        if (succeeded)
            stage?.Done();
        stage?.Dispose();
        stage = null;
    }
}
