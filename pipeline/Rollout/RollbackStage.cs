using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.History;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.TokenServers;
using SyncStorage.Pipeline.Verification;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>Rollback: an earlier release of the webheads comes back, or of the token server, where that is asked for; then the smoke test.</summary>
public sealed class RollbackStage(
    RunOptions options, DeploymentHistory history, FleetRollback webheads, ConfigurationRestore configuration, SmokeTestStage smokeTest, TokenServerFleet tokenServer, ClusterEnd end)
{
    private const int FarBack = 50;

    /// <summary>Rolls back, and tests.</summary>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.NoSuchRelease"/>; <see cref="ErrorCode.RolledBack"/> if the earlier release failed and the present one serves on.
    /// </exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var entries = await history.ReadAsync(FarBack, cancellationToken);
        if (options.Service == RunOptions.TokenServer)
        {
            await tokenServer.RollbackAsync([.. entries.Select(entry => entry.OfTokenServer())], cancellationToken);
        }
        else
        {
            await webheads.RunAsync(
                entries, (release, image) => configuration.RestoreForAsync(release, ImageCatalog.CompatibilityOf(image)?.Configuration, entries, cancellationToken), cancellationToken);
            await smokeTest.RunAsync(cancellationToken);
        }

        await end.RunAsync(cancellationToken);
    }
}
