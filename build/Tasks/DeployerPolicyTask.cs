using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Roles;

namespace SyncStorage.Build.Tasks;

[TaskName("Deployer-Policy")]
[TaskDescription("Writes the least-privilege policy of whoever deploys this environment, for its role.")]
[Stage(StageKind.Offline)]
public sealed class DeployerPolicyTask(Lazy<DeployerPolicyFile> policy) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => policy.Value.WriteAsync(context.CancellationToken);
}
