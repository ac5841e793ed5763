using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Build.Tasks;

[TaskName("Ensure-Bucket")]
[TaskDescription("Makes the cluster's bucket, or puts back what drifted.")]
[Stage(StageKind.Changes)]
[IsDependentOn(typeof(PreflightTask))]
public sealed class EnsureBucketTask(Lazy<BucketStage> bucket) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => bucket.Value.RunAsync(context.CancellationToken);
}
