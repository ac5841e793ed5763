using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.TokenServers;

namespace SyncStorage.Build.Tasks;

[TaskName("Check-Release")]
[TaskDescription("Refuses a release that does not fit the databases, the configuration, or the release that serves.")]
[Stage(StageKind.Looks)]
[IsDependentOn(typeof(BuildWebheadTask))]
public sealed class CheckReleaseTask(Lazy<CompatibilityCheck> check, Lazy<TokenServerFleet> tokenServer) : AsyncFrostingTask<DeployContext>
{
    public override async Task RunAsync(DeployContext context)
    {
        await check.Value.RequireAsync(context.CancellationToken);
        await tokenServer.Value.CheckAsync(context.CancellationToken);
    }
}
