using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Removal;

namespace SyncStorage.Build.Tasks;

[TaskName("Destroy")]
[TaskDescription("Removes the whole cluster, after final snapshots; wants --approve.")]
[Stage(StageKind.Removes)]
public sealed class DestroyTask(Lazy<DestroyStage> destroy) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => destroy.Value.RunAsync(context.CancellationToken);
}
