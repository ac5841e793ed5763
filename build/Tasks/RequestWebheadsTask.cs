using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Rollout;

namespace SyncStorage.Build.Tasks;

[TaskName("Request-Webheads")]
[TaskDescription("Launches the webheads of a first deployment, and does not wait for them.")]
[Stage(StageKind.Changes, Reads = Facts.Instances | Facts.Images)]
[IsDependentOn(typeof(EnsureLoadBalancerTask))]
public sealed class RequestWebheadsTask(Lazy<FleetRequestStage> request) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => request.Value.RunAsync(context.CancellationToken);
}
