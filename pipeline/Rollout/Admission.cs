using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>The way of launched webheads into service: they run, pass both gates, and only then are registered.</summary>
public sealed class Admission(PublishedConfiguration configuration, InstanceLauncher launcher, HeartbeatGate heartbeat, JoiningGate joining, Fleet fleet, FleetWaits waits)
{
    /// <summary>Waits until they run and have passed the gates.</summary>
    /// <param name="ids">Who.</param>
    /// <param name="release">Their release.</param>
    /// <param name="withOthers">Whether they must exchange items with one that serves.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.GateFailed"/>, or what kept an instance from running.</exception>
    public async Task PassAsync(IReadOnlyCollection<string> ids, string release, bool withOthers, CancellationToken cancellationToken)
    {
        if (!await fleet.AreKnownToRunAsync(ids, cancellationToken)) await launcher.WaitRunningAsync(ids, cancellationToken);
        var version = await ConfigurationAsync(cancellationToken);
        await heartbeat.PassAsync(ids, release, version, cancellationToken);

        // Those that an earlier run launched were meant for the one of then.
        await fleet.NoteAsync(ids, version, cancellationToken);
        await joining.PassAsync(ids, release, withOthers, cancellationToken);
    }

    /// <summary>Registers them, and waits until they serve.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.BatchNotInService"/>.</exception>
    public async Task JoinAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        await fleet.RegisterAsync(ids, cancellationToken);
        await waits.JoinedAsync(ids, cancellationToken);
    }

    /// <summary>Watches them under traffic for a time. At its end they must be wholly well: a load balancer takes a degraded webhead for a good one.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.BatchNotInService"/> or <see cref="ErrorCode.GateFailed"/>.</exception>
    public async Task SoakAsync(IReadOnlyCollection<string> ids, string release, TimeSpan bake, CancellationToken cancellationToken)
    {
        await waits.SoakAsync(ids, bake, cancellationToken);
        await heartbeat.ConfirmAsync(ids, release, await ConfigurationAsync(cancellationToken), cancellationToken);
    }

    /// <summary>The version of the configuration that webheads must have.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.ConfigurationConflict"/>: there is none.</exception>
    public async Task<int> ConfigurationAsync(CancellationToken cancellationToken) =>
        await configuration.VersionAsync(cancellationToken)
            ?? throw new PipelineException(ErrorCode.ConfigurationConflict, $"There is no configuration for the {fleet.Role.Plural}.", hint: "./build.sh --target=Publish-Config");
}
