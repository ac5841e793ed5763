using Cake.Frosting;
using SyncStorage.Build.Project;

namespace SyncStorage.Build.Tasks;

[TaskName("Default")]
[TaskDescription("Prints the targets, their options, the environments, and what to do next.")]
public sealed class DefaultTask(Overview overview) : FrostingTask<DeployContext>
{
    public override void Run(DeployContext context) => overview.Print();
}
