using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Dns;

namespace SyncStorage.Build.Tasks;

[TaskName("Ensure-DNS")]
[TaskDescription("Has the virtual hostnames lead to the load balancer, in the hosted zone that the settings name.")]
[Stage(StageKind.Changes)]
[IsDependentOn(typeof(RollingDeployTask))]
public sealed class EnsureDnsTask(Lazy<DnsStage> dns) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => dns.Value.RunAsync(context.CancellationToken);
}
