using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Preflight;

namespace SyncStorage.Build.Tasks;

[TaskName(PreflightStage.Name)]
[TaskDescription("Finds what would keep a deployment from going through, all of it at once; estimates time and cost.")]
[Stage(StageKind.Looks)]
[IsDependentOn(typeof(CheckReleaseTask))]
public sealed class PreflightTask(Lazy<PreflightStage> preflight) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => preflight.Value.RunAsync(context.CancellationToken);
}
