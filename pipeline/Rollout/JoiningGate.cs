using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>What instances of a role must pass after the heartbeat gate, before they take traffic: that they do among the others what the role is for.</summary>
public abstract class JoiningGate
{
    /// <summary>Lets those pass that do.</summary>
    /// <param name="joining">Those that are to join; they have passed the heartbeat gate.</param>
    /// <param name="release">Their release.</param>
    /// <param name="withOthers">Whether one that serves takes part; not where those are what failed.</param>
    /// <param name="cancellationToken">Gives up; what was written is removed.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.GateFailed"/>, saying who does not do what.</exception>
    public abstract Task PassAsync(IReadOnlyCollection<string> joining, string release, bool withOthers, CancellationToken cancellationToken);
}
