using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Build.Tasks;

[TaskName("Ensure-Load-Balancer")]
[TaskDescription("Makes the load balancer, or puts back what drifted.")]
[Stage(StageKind.Changes, Reads = Facts.LoadBalancer)]
[IsDependentOn(typeof(BakeAmiTask))]
public sealed class EnsureLoadBalancerTask(Lazy<LoadBalancerStage> loadBalancer) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => loadBalancer.Value.RunAsync(context.CancellationToken);
}
