using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Build.Tasks;

[TaskName("Bake-AMI")]
[TaskDescription("Bakes the bundle into an image and boot-tests it, unless a verified one exists; the token server's, too, where the settings have one.")]
[Stage(StageKind.Changes)]
[IsDependentOn(typeof(RequestDataStoresTask))]
public sealed class BakeAmiTask(Lazy<BakeStage> bake, Lazy<TokenServerFleet> tokenServer) : AsyncFrostingTask<DeployContext>
{
    public override async Task RunAsync(DeployContext context)
    {
        await bake.Value.RunAsync(context.CancellationToken);
        await tokenServer.Value.BakeAsync(context.CancellationToken);
    }
}
