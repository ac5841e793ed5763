using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Build.Tasks;

[TaskName("Deploy-Token-Server")]
[TaskDescription("Sets the cluster's own token server up, or rolls a new release of it out, where the settings have one.")]
[Stage(StageKind.Changes)]
[IsDependentOn(typeof(SmokeTestTask))]
public sealed class DeployTokenServerTask(Lazy<TokenServerStage> tokenServer) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => tokenServer.Value.RunAsync(context.CancellationToken);
}
