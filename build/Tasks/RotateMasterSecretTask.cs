using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Rotation;

namespace SyncStorage.Build.Tasks;

[TaskName("Rotate-Master-Secret")]
[TaskDescription("Gives the cluster a new master secret, and so each virtual hostname a new secret, in the order in which no token is refused.")]
[Stage(StageKind.Changes, Deployment = DeploymentKind.Rotate)]
public sealed class RotateMasterSecretTask(Lazy<MasterSecretStage> rotation) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => rotation.Value.RunAsync(context.CancellationToken);
}
