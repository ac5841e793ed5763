using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Build.Tasks;

[TaskName("Deploy")]
[TaskDescription("Sets the cluster up, or rolls a new release out: all stages in one run.")]
[Stage(StageKind.Changes)]
[IsDependentOn(typeof(RemoveDbTask))]
public sealed class DeployTask(Lazy<DeploymentEnd> end) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => end.Value.RunAsync(context.CancellationToken);
}
