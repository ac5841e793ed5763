using Cake.Frosting;
using SyncStorage.Build.Project;

namespace SyncStorage.Build.Tasks;

[TaskName("Fault-Matrix")]
[TaskDescription("Deploys, updates, rolls back and heals on a cloud that fails in every way, and says whether each ended wholly new, wholly old or reported stuck. Takes hours.")]
public sealed class FaultMatrixTask(Resilience resilience) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) =>
        resilience.RunAsync("fault-matrix", context.Filter is { } filter ? [$"--filter={filter}"] : [], context.CancellationToken);
}
