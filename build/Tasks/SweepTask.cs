using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Removal;

namespace SyncStorage.Build.Tasks;

[TaskName("Sweep")]
[TaskDescription("Removes what failed or old deployments left behind.")]
[Stage(StageKind.Removes)]
public sealed class SweepTask(Lazy<SweepStage> sweep) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => sweep.Value.RunAsync(context.CancellationToken);
}
