using Cake.Frosting;
using SyncStorage.Build.Project;

namespace SyncStorage.Build.Tasks;

[TaskName("Test")]
[TaskDescription("Runs all tests, or those that --filter names; the last line counts them.")]
public sealed class TestTask(TestRun tests) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => tests.RunAsync(context.Filter, context.CancellationToken);
}
