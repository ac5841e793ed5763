using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Cache;
using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Build.Tasks;

[TaskName("Ensure-Cache")]
[TaskDescription("Brings the cache to what the settings say, and waits for it.")]
[Stage(StageKind.Changes, Reads = Facts.Cache)]
[IsDependentOn(typeof(EnsureDbTask))]
public sealed class EnsureCacheTask(Lazy<CacheStage> cache) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => cache.Value.RunAsync(context.CancellationToken);
}
