using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Locking;

namespace SyncStorage.Build.Tasks;

[TaskName("Unlock")]
[TaskDescription("Shows who holds the deploy lock, and frees it if its holder is gone.")]
[Stage(StageKind.Looks)]
public sealed class UnlockTask(Lazy<UnlockStage> unlock) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => unlock.Value.RunAsync(context.CancellationToken);
}
