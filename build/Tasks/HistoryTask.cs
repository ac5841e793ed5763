using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.History;

namespace SyncStorage.Build.Tasks;

[TaskName("History")]
[TaskDescription("Shows the deployments so far: who, when, which release, and how each ended; --json for programs.")]
[Stage(StageKind.Looks)]
public sealed class HistoryTask(Lazy<HistoryTarget> history) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => history.Value.RunAsync(context.CancellationToken);
}
