using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Build.Project;

namespace SyncStorage.Build.Tasks;

[TaskName("Local-Cloud")]
[TaskDescription("Runs LocalCloud in the foreground, for other tools, until Ctrl-C.")]
[Stage(StageKind.Offline)]
public sealed class LocalCloudTask(Lazy<LocalCloudSession> session) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => session.Value.RunAsync(context.CancellationToken);
}
