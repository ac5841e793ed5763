using Cake.Frosting;
using SyncStorage.Build.Project;

namespace SyncStorage.Build.Tasks;

[TaskName("Format")]
[TaskDescription("Formats the sources; with --check, only says whether they are formatted.")]
public sealed class FormatTask(Formatting formatting) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => formatting.RunAsync(context.Check, context.CancellationToken);
}
