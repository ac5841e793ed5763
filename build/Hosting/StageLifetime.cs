using Cake.Core;
using Cake.Frosting;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Locking;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Build.Hosting;

/// <summary>Around each stage: what it finds and changes is reported as its own, and none asks AWS anything before the account is known to be the right one.</summary>
public sealed class StageLifetime(Lazy<ConsoleProgress> progress, Lazy<AccountGuard> guard, Lazy<DeploymentLock> deployLock) : FrostingTaskLifetime<DeployContext>
{
    private StageScope? stage;

    public override void Setup(DeployContext context, ITaskSetupContext info)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        if (TargetCatalog.StageKindOf(info.Task.Name) is not { } kind)
            return;

        stage = progress.Value.BeginStage(info.Task.Name);
        if (kind != StageKind.Offline)
            guard.Value.CheckAsync(context.CancellationToken).GetAwaiter().GetResult();
        if (kind is StageKind.Changes or StageKind.Removes)
            deployLock.Value.TakeAsync(makeBucket: kind == StageKind.Changes, context.CancellationToken).GetAwaiter().GetResult();
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
