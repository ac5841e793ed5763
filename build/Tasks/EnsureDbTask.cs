using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Build.Tasks;

[TaskName("Ensure-DB")]
[TaskDescription("Brings the databases to what the settings say, and waits for them.")]
[Stage(StageKind.Changes, Reads = Facts.Databases)]
[IsDependentOn(typeof(RequestWebheadsTask))]
public sealed class EnsureDbTask(Lazy<DatabaseStage> databases) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => databases.Value.RunAsync(context.CancellationToken);
}
