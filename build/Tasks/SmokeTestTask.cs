using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Verification;

namespace SyncStorage.Build.Tasks;

[TaskName("Smoke-Test")]
[TaskDescription("Tries the cluster as a Sync client, through the load balancer and on each webhead.")]
[Stage(StageKind.Changes)]
[IsDependentOn(typeof(EnsureDnsTask))]
public sealed class SmokeTestTask(Lazy<SmokeTestStage> smokeTest) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => smokeTest.Value.RunAsync(context.CancellationToken);
}
