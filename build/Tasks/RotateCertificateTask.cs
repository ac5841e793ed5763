using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Rotation;

namespace SyncStorage.Build.Tasks;

[TaskName("Rotate-Certificate")]
[TaskDescription("Has the load balancer show another certificate, without cutting a connection.")]
[Stage(StageKind.Changes, Deployment = DeploymentKind.Rotate)]
public sealed class RotateCertificateTask(Lazy<CertificateStage> rotation) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => rotation.Value.RunAsync(context.CancellationToken);
}
