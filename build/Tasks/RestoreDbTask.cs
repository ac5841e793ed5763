using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.DatabaseInstances;

namespace SyncStorage.Build.Tasks;

[TaskName("Restore-DB")]
[TaskDescription("Brings a dbnode on EC2 back to a time: from a snapshot and binary logs, checked before it serves; its volume of before stays.")]
[Stage(StageKind.Removes)]
public sealed class RestoreDbTask(Lazy<RestoreStage> restore) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => restore.Value.RunAsync(context.CancellationToken);
}
