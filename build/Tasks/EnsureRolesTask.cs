using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Roles;

namespace SyncStorage.Build.Tasks;

[TaskName("Ensure-Roles")]
[TaskDescription("Makes the roles and instance profiles of webheads and admin instances, or puts back what drifted.")]
[Stage(StageKind.Changes)]
[IsDependentOn(typeof(EnsureBucketTask))]
public sealed class EnsureRolesTask(Lazy<RoleStage> roles) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => roles.Value.RunAsync(context.CancellationToken);
}
