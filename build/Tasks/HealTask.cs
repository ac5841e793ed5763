using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Rollout;

namespace SyncStorage.Build.Tasks;

[TaskName("Heal")]
[TaskDescription("Replaces webheads and token servers that are dead or not well by others of the same release.")]
[Stage(StageKind.Changes, Deployment = DeploymentKind.Heal)]
public sealed class HealTask(Lazy<HealStage> heal) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => heal.Value.RunAsync(context.CancellationToken);
}
