using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Capacity;

namespace SyncStorage.Build.Tasks;

[TaskName("Plan-Capacity")]
[TaskDescription("Tells how full the dbnodes are, when the next one is due, and what each step costs.")]
[Stage(StageKind.Looks)]
public sealed class PlanCapacityTask(Lazy<CapacityStage> capacity) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => capacity.Value.RunAsync(context.CancellationToken);
}
