using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Build.Tasks;

[TaskName("Rebalance")]
[TaskDescription("Takes users off a dbnode or virtual hostname, some at a time, with --approve: the token server gives them another node, and they upload again.")]
[Stage(StageKind.Changes, Deployment = DeploymentKind.Rebalance)]
public sealed class RebalanceTask(Lazy<RebalanceStage> rebalance) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => rebalance.Value.RunAsync(context.CancellationToken);
}
