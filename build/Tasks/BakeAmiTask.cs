using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Images;

namespace SyncStorage.Build.Tasks;

[TaskName("Bake-AMI")]
[TaskDescription("Bakes the bundle into an image and boot-tests it, unless a verified one exists.")]
[Stage(StageKind.Changes)]
[IsDependentOn(typeof(RequestDataStoresTask))]
public sealed class BakeAmiTask(Lazy<BakeStage> bake) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => bake.Value.RunAsync(context.CancellationToken);
}
