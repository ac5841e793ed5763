using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Build.Tasks;

[TaskName("Ensure-Security-Groups")]
[TaskDescription("Makes the security groups, or puts back the rules that drifted.")]
[Stage(StageKind.Changes, Reads = Facts.SecurityGroups)]
[IsDependentOn(typeof(EnsureRolesTask))]
public sealed class EnsureSecurityGroupsTask(Lazy<SecurityGroupStage> groups) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => groups.Value.RunAsync(context.CancellationToken);
}
