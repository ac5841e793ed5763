using SyncStorage.Pipeline.Instances;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>What a rollout has done so far, and so what undoing it means.</summary>
/// <param name="release">The release that was rolled out.</param>
/// <param name="servedBefore">The webheads that served when it began.</param>
public sealed class RolloutRun(string release, IReadOnlyList<string> servedBefore)
{
    /// <summary>The release that was rolled out.</summary>
    public string Release => release;

    /// <summary>The webheads that served when it began.</summary>
    public IReadOnlyList<string> ServedBefore => servedBefore;

    /// <summary>What those were launched from, to launch it again where they are gone; null if that is not known.</summary>
    public LaunchRequest? Previous { get; init; }

    /// <summary>Webheads that were launched or adopted.</summary>
    public List<string> Joining { get; } = [];

    /// <summary>Webheads that were taken out of the load balancer, and still run.</summary>
    public List<string> Left { get; } = [];

    /// <summary>Webheads that undoing has launched, in the place of those that served before and are gone.</summary>
    public List<string> Replacements { get; } = [];

    /// <summary>Those of <see cref="Left"/> that served before: they go back in.</summary>
    public IReadOnlyList<string> ToRestore => [.. Left.Where(servedBefore.Contains)];
}
