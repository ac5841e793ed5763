namespace SyncStorage.Pipeline.Rollout;

/// <summary>Instances that are replaced together: the new are ready before any old one leaves.</summary>
/// <param name="Launch">How many new ones in which zone.</param>
/// <param name="Adopt">Webheads of the wanted launch spec that run but don't serve: they go through the gate like new ones.</param>
/// <param name="Retire">Webheads that leave once the new ones serve.</param>
public sealed record Batch(IReadOnlyDictionary<string, int> Launch, IReadOnlyList<string> Adopt, IReadOnlyList<string> Retire)
{
    /// <summary>Webheads that leave before the new ones join, once those have passed the gate: there is no room for all.</summary>
    public IReadOnlyList<string> RetireFirst { get; init; } = [];

    /// <summary>Whether it is the one that is watched before any other follows.</summary>
    public bool IsCanary { get; init; }

    /// <summary>How many webheads join.</summary>
    public int Joining => Launch.Values.Sum() + Adopt.Count;

    /// <summary>How many webheads leave.</summary>
    public int Leaving => RetireFirst.Count + Retire.Count;
}

/// <summary>How the fleet gets from what is to what should be.</summary>
/// <param name="Keep">Webheads that already are as wanted.</param>
/// <param name="Batches">In order.</param>
/// <param name="Dead">Webheads that neither run nor serve: removed at once.</param>
public sealed record RolloutPlan(IReadOnlyList<string> Keep, IReadOnlyList<Batch> Batches, IReadOnlyList<string> Dead)
{
    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Batches.Count == 0 && Dead.Count == 0;
}

/// <summary>What a plan is made from.</summary>
/// <param name="LaunchSpec">What every webhead should be launched from.</param>
/// <param name="Desired">How many should serve.</param>
/// <param name="MinHealthy">How many must serve before any may leave; at most <paramref name="Desired"/>.</param>
/// <param name="BatchSize">How many are replaced together.</param>
/// <param name="Zones">The zones to spread over.</param>
public sealed record RolloutGoal(string LaunchSpec, int Desired, int MinHealthy, int BatchSize, IReadOnlyList<string> Zones)
{
    /// <summary>How many more than desired may serve at once; with 0 it takes a <see cref="MinHealthy"/> below <see cref="Desired"/>.</summary>
    public int Surge { get; init; } = BatchSize;

    /// <summary>Whether the first batch is of one, where others serve and none of the wanted launch spec does yet.</summary>
    public bool Canary { get; init; }
}
