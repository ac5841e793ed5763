using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Bundles;

namespace SyncStorage.Build.Tasks;

[TaskName("Build-Webhead")]
[TaskDescription("Publishes the webhead and packs it into a reproducible bundle; with --artifact=container into a container image, too. Where the settings have a token server, its bundle as well.")]
[Stage(StageKind.Offline)]
public sealed class BuildWebheadTask(Lazy<WebheadBuild> build, Lazy<TokenServerBuild> tokenServer, Lazy<DatabaseNodeBuild> databaseNode, Lazy<WebheadImage> image) : AsyncFrostingTask<DeployContext>
{
    public override async Task RunAsync(DeployContext context)
    {
        await build.Value.RunAsync(context.CancellationToken);
        await tokenServer.Value.RunIfDeployedAsync(context.CancellationToken);
        await databaseNode.Value.RunIfNeededAsync(context.CancellationToken);
        if (context.WantsContainer)
            await image.Value.RunAsync(context.CancellationToken);
    }
}
