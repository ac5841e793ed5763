using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Build.Tasks;

[TaskName("Request-Data-Stores")]
[TaskDescription("Asks for databases and cache, and does not wait for them.")]
[Stage(StageKind.Changes, Reads = Facts.Databases | Facts.Cache)]
[IsDependentOn(typeof(EnsureSecurityGroupsTask))]
public sealed class RequestDataStoresTask(Lazy<DataStoreRequestStage> request) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => request.Value.RunAsync(context.CancellationToken);
}
