using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Monitoring;

namespace SyncStorage.Build.Tasks;

[TaskName("Ensure-Monitoring")]
[TaskDescription("Brings log group, alarms and dashboard to what the settings say.")]
[Stage(StageKind.Changes)]
[IsDependentOn(typeof(EnsureCacheTask))]
public sealed class EnsureMonitoringTask(Lazy<MonitoringStage> monitoring) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => monitoring.Value.RunAsync(context.CancellationToken);
}
