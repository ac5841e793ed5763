using Cake.Frosting;
using SyncStorage.Build.Hosting;

namespace SyncStorage.Build.Tasks;

[TaskName("Deploy")]
[TaskDescription("Sets the cluster up, or rolls a new release out: all stages in one run.")]
[Stage(StageKind.Changes)]
[IsDependentOn(typeof(RollingDeployTask))]
public sealed class DeployTask : FrostingTask<DeployContext>;
