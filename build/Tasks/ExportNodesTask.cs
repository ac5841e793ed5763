using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Config;

namespace SyncStorage.Build.Tasks;

[TaskName("Export-Nodes")]
[TaskDescription("Writes what a token server outside the cluster needs: virtual hostnames and secrets, as files and as parameters.")]
[Stage(StageKind.Changes)]
[IsDependentOn(typeof(EnsureBucketTask))]
public sealed class ExportNodesTask(Lazy<NodeExport> export) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => export.Value.RunAsync(context.CancellationToken);
}
