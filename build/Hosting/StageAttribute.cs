using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Build.Hosting;

/// <summary>A task that is about a cluster: it needs settings, and is reported as a stage.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StageAttribute(StageKind kind) : Attribute
{
    public StageKind Kind => kind;

    /// <summary>Of a stage that changes something: what sort of deployment it belongs to.</summary>
    public DeploymentKind Deployment { get; init; } = DeploymentKind.Deploy;

    /// <summary>What it asks AWS for first, in every run: with other stages before it, that is read while those work.</summary>
    public Facts Reads { get; init; }
}

/// <summary>What a stage has to do with AWS.</summary>
public enum StageKind
{
    /// <summary>Nothing: it works on this machine alone.</summary>
    Offline,

    /// <summary>It looks, and leaves no report: it would replace that of the last deployment.</summary>
    Looks,

    /// <summary>It may change something: it takes the deploy lock, and the run leaves a report.</summary>
    Changes,

    /// <summary>Like <see cref="Changes"/>, of what is there already: where there is no bucket, there is no lock to take.</summary>
    Removes,
}
