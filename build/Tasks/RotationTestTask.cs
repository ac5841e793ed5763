using Cake.Frosting;
using SyncStorage.Build.Project;

namespace SyncStorage.Build.Tasks;

[TaskName("Rotation-Test")]
[TaskDescription("Rotates secrets and passwords while Sync clients write and read, and says whether a request or a write was lost.")]
public sealed class RotationTestTask(Resilience resilience) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) =>
        resilience.RunAsync("rotation-test", context.Requests is { } requests ? [$"--requests={requests}"] : [], context.CancellationToken);
}
