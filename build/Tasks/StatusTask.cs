using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Build.Tasks;

[TaskName("Status")]
[TaskDescription("Shows what runs now.")]
[Stage(StageKind.Looks)]
public sealed class StatusTask(Lazy<StatusStage> status) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => status.Value.RunAsync(context.CancellationToken);
}
