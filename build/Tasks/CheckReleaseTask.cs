using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Rollout;

namespace SyncStorage.Build.Tasks;

[TaskName("Check-Release")]
[TaskDescription("Refuses a release that does not fit the databases, the configuration, or the release that serves.")]
[Stage(StageKind.Looks)]
[IsDependentOn(typeof(BuildWebheadTask))]
public sealed class CheckReleaseTask(Lazy<CompatibilityCheck> check) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => check.Value.RequireAsync(context.CancellationToken);
}
