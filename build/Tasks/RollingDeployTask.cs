using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Rollout;

namespace SyncStorage.Build.Tasks;

[TaskName("Rolling-Deploy")]
[TaskDescription("Replaces the webheads by the baked release, batch by batch, behind the load balancer.")]
[Stage(StageKind.Changes, Reads = Facts.Instances | Facts.Images)]
[IsDependentOn(typeof(PublishConfigTask))]
public sealed class RollingDeployTask(Lazy<RollingDeployment> deployment) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => deployment.Value.RunAsync(context.CancellationToken);
}
