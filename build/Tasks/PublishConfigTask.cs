using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Config;

namespace SyncStorage.Build.Tasks;

[TaskName("Publish-Config")]
[TaskDescription("Publishes nodes, secrets and cache endpoint where webheads read them.")]
[Stage(StageKind.Changes)]
[IsDependentOn(typeof(EnsureMonitoringTask))]
public sealed class PublishConfigTask(Lazy<ConfigStage> config) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => config.Value.RunAsync(context.CancellationToken);
}
