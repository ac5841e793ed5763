using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Rotation;

namespace SyncStorage.Build.Tasks;

[TaskName("Rotate-Database-Password")]
[TaskDescription("Gives every dbnode's accounts new passwords, without a moment in which webheads and dbnodes disagree.")]
[Stage(StageKind.Changes, Deployment = DeploymentKind.Rotate)]
public sealed class RotateDatabasePasswordTask(Lazy<DatabasePasswordStage> rotation) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => rotation.Value.RunAsync(context.CancellationToken);
}
