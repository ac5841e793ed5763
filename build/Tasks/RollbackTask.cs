using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Rollout;

namespace SyncStorage.Build.Tasks;

[TaskName("Rollback")]
[TaskDescription("Brings an earlier release back, the previous one or the one that --to names, of the token server with --service, through the same gates.")]
[Stage(StageKind.Changes, Deployment = DeploymentKind.Rollback)]
public sealed class RollbackTask(Lazy<RollbackStage> rollback) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => rollback.Value.RunAsync(context.CancellationToken);
}
