using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Preflight;

/// <summary>
/// Preflight: whether a deployment can go through, before anything is made. A first deployment runs it; later ones have been through it, and
/// only the target of its own name looks again.
/// </summary>
public sealed class PreflightStage(PreflightChecks checks, Observation observation, DeploymentEstimate estimate, RunOptions options, IProgress progress)
{
    /// <summary>The target's name.</summary>
    public const string Name = "Preflight";

    /// <summary>Looks at everything, and estimates time and cost.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.PreflightFailed"/> with all problems.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!options.Includes(Name) && await observation.LoadBalancer.GetAsync(cancellationToken) is not null)
        {
            progress.Found($"the cluster is there; ./build.sh --target={Name} looks at everything again");
            return;
        }

        await checks.RequireAsync(cancellationToken);
        await estimate.ReportAsync(cancellationToken);
    }
}
