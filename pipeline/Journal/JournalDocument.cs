using System.Text.Json;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Journal;

/// <summary>What a deployment is for.</summary>
public enum DeploymentKind
{
    /// <summary>Brings the cluster to what settings and sources say.</summary>
    Deploy,

    /// <summary>Brings an earlier release back.</summary>
    Rollback,

    /// <summary>Replaces webheads that are not well by others of the same release.</summary>
    Heal,

    /// <summary>Takes users off a node. It touches no instance.</summary>
    Rebalance,

    /// <summary>Gives secrets, passwords or certificates new values. Its steps are in a document of their own.</summary>
    Rotate,
}

/// <summary><c>state/journal.json</c>: the deployment that runs, or ran last, and how far it is; written before it acts.</summary>
public sealed record JournalDocument
{
    /// <summary>The format of this document.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The deployment's random id.</summary>
    public required string Deployment { get; init; }

    /// <summary>What it is for.</summary>
    public required DeploymentKind Kind { get; init; }

    /// <summary>Whether it is unfinished: the next run goes on with it.</summary>
    public bool Open { get; init; } = true;

    /// <summary>How many runs have worked on it.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>When its first run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The stage, or the step of the rollout, that it is in.</summary>
    public string Position { get; init; } = "";

    /// <summary>The release that is rolled out, once that is known.</summary>
    public string? Release { get; init; }

    /// <summary>The release that most webheads served when the rollout began.</summary>
    public string? PreviousRelease { get; init; }

    /// <summary>What the webheads are launched from, as a hash.</summary>
    public string? LaunchSpec { get; init; }

    /// <summary>What those that served when the rollout began were launched from: undoing launches it again where they are gone.</summary>
    public LaunchRequest? Previous { get; init; }

    /// <summary>The webheads that served when the rollout began: undoing brings these back.</summary>
    public IReadOnlyList<string> Served { get; init; } = [];

    /// <summary>The webheads that were behind the load balancer when the rollout began, whether they served or not.</summary>
    public IReadOnlyList<string> Registered { get; init; } = [];

    /// <summary>The webheads that it has taken out of the load balancer.</summary>
    public IReadOnlyList<string> Left { get; init; } = [];

    /// <summary>The same of the token servers; null where none are rolled.</summary>
    public JournalRollout? TokenServer { get; init; }

    /// <summary>How many launches it has begun; each has a number, and so a client token, of its own.</summary>
    public int Launches { get; init; }

    /// <summary>A launch that was begun and of whose end nothing is known.</summary>
    public PendingLaunch? Launch { get; init; }

    /// <summary>How the rollout of a role's fleet began, and how far it is.</summary>
    /// <param name="role">The role's tag.</param>
    public JournalRollout RolloutOf(string role) => role == ServiceRole.TokenServer.Tag
        ? TokenServer ?? new JournalRollout()
        : new JournalRollout { Release = Release, PreviousRelease = PreviousRelease, LaunchSpec = LaunchSpec, Previous = Previous, Served = Served, Registered = Registered, Left = Left };

    /// <summary>The document with a role's rollout changed.</summary>
    public JournalDocument With(string role, JournalRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        return role == ServiceRole.TokenServer.Tag
            ? this with { TokenServer = rollout }
            : this with
            {
                Release = rollout.Release,
                PreviousRelease = rollout.PreviousRelease,
                LaunchSpec = rollout.LaunchSpec,
                Previous = rollout.Previous,
                Served = rollout.Served,
                Registered = rollout.Registered,
                Left = rollout.Left,
            };
    }

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, StateObjects.Json);

    /// <summary>Reads one; null if the text is no such document.</summary>
    public static JournalDocument? TryParse(string json) => StateObjects.TryParse<JournalDocument>(json);
}

/// <summary>The rollout of one role's fleet.</summary>
public sealed record JournalRollout
{
    /// <summary>The release that is rolled out.</summary>
    public string? Release { get; init; }

    /// <summary>The release that most served when it began.</summary>
    public string? PreviousRelease { get; init; }

    /// <summary>What the new ones are launched from, as a hash.</summary>
    public string? LaunchSpec { get; init; }

    /// <summary>What those that served when it began were launched from.</summary>
    public LaunchRequest? Previous { get; init; }

    /// <summary>Those that served when it began.</summary>
    public IReadOnlyList<string> Served { get; init; } = [];

    /// <summary>Those that were behind the load balancer when it began, whether they served or not.</summary>
    public IReadOnlyList<string> Registered { get; init; } = [];

    /// <summary>Those that it has taken out of the load balancer.</summary>
    public IReadOnlyList<string> Left { get; init; } = [];
}

/// <summary>A launch, with everything that makes repeating it give the same instances: nothing of it is computed anew.</summary>
/// <param name="BegunAt">When.</param>
/// <param name="Request">What is launched; its step has the launch's number.</param>
/// <param name="Zones">How many in which zone.</param>
public sealed record PendingLaunch(DateTimeOffset BegunAt, LaunchRequest Request, IReadOnlyList<PendingZone> Zones);

/// <summary>How many instances go into a zone.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="SubnetId">Its subnet.</param>
/// <param name="Count">How many.</param>
public sealed record PendingZone(string Zone, string SubnetId, int Count);
