using Cake.Frosting;
using SyncStorage.Build.Project;

namespace SyncStorage.Build.Tasks;

[TaskName("Loss-Test")]
[TaskDescription("Deploys in every way while Sync clients write and read, and says whether a request or a write was lost.")]
public sealed class LossTestTask(Resilience resilience) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) =>
        resilience.RunAsync("loss-test", context.Requests is { } requests ? [$"--requests={requests}"] : [], context.CancellationToken);
}
