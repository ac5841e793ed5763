using Cake.Frosting;
using SyncStorage.Build.Project;

namespace SyncStorage.Build.Tasks;

[TaskName("Build")]
[TaskDescription("Compiles everything, warnings being errors.")]
public sealed class BuildTask(ProjectBuild build) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => build.RunAsync(context.CancellationToken);
}
