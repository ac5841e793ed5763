using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Bundles;

namespace SyncStorage.Build.Tasks;

[TaskName("Build-Token-Server")]
[TaskDescription("Publishes the token server and packs it into a reproducible bundle, for an instance of your own.")]
[Stage(StageKind.Offline)]
public sealed class BuildTokenServerTask(Lazy<TokenServerBuild> build) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => build.Value.RunAsync(context.CancellationToken);
}
