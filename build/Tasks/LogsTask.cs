using Cake.Frosting;
using SyncStorage.Build.Hosting;
using SyncStorage.Pipeline.Monitoring;

namespace SyncStorage.Build.Tasks;

[TaskName("Logs")]
[TaskDescription("Shows what the webheads have said lately; --follow goes on, --filter=pattern, --since=duration.")]
[Stage(StageKind.Looks)]
public sealed class LogsTask(Lazy<LogsTarget> logs) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => logs.Value.RunAsync(context.CancellationToken);
}
