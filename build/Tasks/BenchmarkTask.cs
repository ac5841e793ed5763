using Cake.Frosting;
using SyncStorage.Build.Project;

namespace SyncStorage.Build.Tasks;

[TaskName("Benchmark")]
[TaskDescription("Runs the benchmarks, or those that --filter names.")]
public sealed class BenchmarkTask(Benchmarks benchmarks) : AsyncFrostingTask<DeployContext>
{
    public override Task RunAsync(DeployContext context) => benchmarks.RunAsync(context.Filter ?? "*", context.CancellationToken);
}
