using SyncStorage.Pipeline.Bundles;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>Request-Webheads: launches the webheads of a first deployment and does not wait, so that they boot while the databases come up.</summary>
public sealed class FleetRequestStage(ServiceBuild bundles, FleetSpec spec, FleetAhead ahead)
{
    /// <summary>Launches what is missing of the first batch, if no configuration was published yet.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => ahead.LaunchAsync(token => spec.ForAsync(bundles.Load(), token), cancellationToken);
}
