using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Bundles;

namespace SyncStorage.Build.Tasks;

[TaskName("Build-Webhead")]
[TaskDescription("Publishes the webhead and packs it into a reproducible bundle.")]
[Stage(StageKind.Offline)]
public sealed class BuildWebheadTask(Lazy<WebheadBuild> build) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => build.Value.RunAsync(context.CancellationToken);
}
