using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Build.Tasks;

[TaskName("Plan")]
[TaskDescription("Says what Deploy would change, and changes nothing.")]
[Stage(StageKind.Looks)]
[IsDependentOn(typeof(BuildWebheadTask))]
public sealed class PlanTask(Lazy<PlanStage> plan) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => plan.Value.RunAsync(context.CancellationToken);
}
