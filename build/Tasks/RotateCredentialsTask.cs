using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Rotation;

namespace SyncStorage.Build.Tasks;

[TaskName("Rotate-Credentials")]
[TaskDescription("Rotates all that the fleet has: master secret, passwords of the databases, certificate.")]
[Stage(StageKind.Changes, Deployment = DeploymentKind.Rotate)]
public sealed class RotateCredentialsTask(Lazy<CredentialsStage> rotation) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => rotation.Value.RunAsync(context.CancellationToken);
}
