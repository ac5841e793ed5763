using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Database;

namespace SyncStorage.Build.Tasks;

[TaskName("Remove-DB")]
[TaskDescription("Removes databases that are in no settings any more and have no users, with --approve and a final snapshot.")]
[Stage(StageKind.Changes)]
[IsDependentOn(typeof(DeployTokenServerTask))]
public sealed class RemoveDbTask(Lazy<NodeRemovalStage> removal) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => removal.Value.RunAsync(context.CancellationToken);
}
