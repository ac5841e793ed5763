using Cake.Frosting;
using SyncStorage.Build.Project;

namespace SyncStorage.Build.Tasks;

[TaskName("Kill-Matrix")]
[TaskDescription("Kills deployments at each of their calls that change something, runs them again, and compares what there is then. Takes hours.")]
public sealed class KillMatrixTask(Resilience resilience) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) =>
        resilience.RunAsync("kill-matrix", context.Every is { } every ? [$"--every={every}"] : [], context.CancellationToken);
}
