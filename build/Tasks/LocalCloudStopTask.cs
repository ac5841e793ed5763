using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Build.Project;

namespace SyncStorage.Build.Tasks;

[TaskName("Local-Cloud-Stop")]
[TaskDescription("Ends LocalCloud and all that runs on it; its state stays.")]
[Stage(StageKind.Offline)]
public sealed class LocalCloudStopTask(Lazy<LocalCloudSession> session) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => session.Value.StopAsync(context.CancellationToken);
}
