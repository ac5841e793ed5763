using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.DatabaseInstances;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Build.Tasks;

[TaskName("Bake-AMI")]
[TaskDescription("Bakes the bundle into an image and boot-tests it, unless a verified one exists; the token server's and that of dbnodes on EC2, too, where the settings have one.")]
[Stage(StageKind.Changes)]
[IsDependentOn(typeof(RequestDataStoresTask))]
public sealed class BakeAmiTask(Lazy<BakeStage> bake, Lazy<TokenServerFleet> tokenServer, Lazy<DatabaseImage> databaseImage) : AsyncFrostingTask<DeployContext>
{
    public override async Task RunAsync(DeployContext context)
    {
        await bake.Value.RunAsync(context.CancellationToken);
        await tokenServer.Value.BakeAsync(context.CancellationToken);
        await databaseImage.Value.RunAsync(context.CancellationToken);
    }
}
