using SyncStorage.Pipeline.DatabaseInstances;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Monitoring;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.TokenServers;
using SyncStorage.Pipeline.Verification;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>Heal, to be run on a schedule: dbnodes on EC2, then the webheads, and the token servers where the cluster has its own.</summary>
public sealed class HealStage(
    DatabaseInstanceStage databases, NodeAddresses addresses, FleetHealing webheads, SmokeTestStage smokeTest, TokenServerFleet tokenServer, ClusterEnd end, CertificateFigure certificate)
{
    /// <summary>Heals the fleets; where there is nothing to heal, changes nothing.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NoSuchRelease"/>: there is no instance to tell which release it should be.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await databases.RunAsync(cancellationToken);
        await addresses.PublishAsync(cancellationToken);
        var healed = await webheads.RunAsync(cancellationToken);
        if (healed) await smokeTest.RunAsync(cancellationToken);
        healed |= await tokenServer.HealAsync(cancellationToken);
        if (healed) await end.RunAsync(cancellationToken);

        // It runs on a schedule: what somebody has to say every now and then is said here.
        await certificate.SendAsync(cancellationToken);
    }
}
