namespace SyncStorage.Pipeline.Rollout;

/// <summary>Instances that are replaced together: the new serve before the old leave.</summary>
/// <param name="Launch">How many new ones in which zone.</param>
/// <param name="Adopt">Webheads of the wanted launch spec that run but don't serve: they go through the gate like new ones.</param>
/// <param name="Retire">Webheads that leave once the new ones serve.</param>
public sealed record Batch(IReadOnlyDictionary<string, int> Launch, IReadOnlyList<string> Adopt, IReadOnlyList<string> Retire)
{
    /// <summary>How many webheads join.</summary>
    public int Joining => Launch.Values.Sum() + Adopt.Count;
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
/// <param name="BatchSize">How many are replaced together.</param>
/// <param name="Zones">The zones to spread over.</param>
public sealed record RolloutGoal(string LaunchSpec, int Desired, int BatchSize, IReadOnlyList<string> Zones);

/// <summary>Plans a rollout: a pure function over the observed fleet and the goal.</summary>
public static class RolloutPlanner
{
    /// <summary>The steps from <paramref name="fleet"/> to <paramref name="goal"/>.</summary>
    public static RolloutPlan Plan(IReadOnlyList<Webhead> fleet, RolloutGoal goal)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        ArgumentNullException.ThrowIfNull(goal);
        List<string> dead = [.. fleet.Where(webhead => !webhead.IsRunning).Select(webhead => webhead.Id)];
        var running = fleet.Where(webhead => webhead.IsRunning).ToList();

        // Of those that are as wanted, the ones that serve come first: surplus is taken from the others.
        var wanted = running.Where(webhead => webhead.LaunchSpec == goal.LaunchSpec).OrderByDescending(webhead => webhead.Verdict.IsServing).ToList();
        var kept = wanted.Take(goal.Desired).ToList();
        List<string> keep = [.. kept.Where(webhead => webhead.Verdict.IsServing).Select(webhead => webhead.Id)];
        var adopt = new Queue<string>(kept.Where(webhead => !webhead.Verdict.IsServing).Select(webhead => webhead.Id));

        // What does not serve leaves first: that never reduces serving.
        var retire = new Queue<string>(running.Except(kept)
            .OrderBy(webhead => webhead.Verdict.IsServing).ThenBy(webhead => webhead.Launched).Select(webhead => webhead.Id));
        var anyServing = running.Exists(webhead => webhead.Verdict.IsServing);
        var batches = Batches(goal, kept, adopt, retire, anyServing);
        return new RolloutPlan(keep, batches, dead);
    }

    private static List<Batch> Batches(RolloutGoal goal, List<Webhead> kept, Queue<string> adopt, Queue<string> retire, bool anyServing)
    {
        var perZone = goal.Zones.ToDictionary(zone => zone, zone => kept.Count(webhead => webhead.Zone == zone));
        var missing = goal.Desired - kept.Count;
        var batches = new List<Batch>();

        // Where nothing serves there is nothing to protect: all at once.
        var size = anyServing ? goal.BatchSize : Math.Max(1, goal.Desired);
        while (missing > 0 || adopt.Count > 0 || retire.Count > 0)
        {
            var adopted = Take(adopt, size);
            var launched = Math.Min(missing, size - adopted.Count);
            missing -= launched;
            var isLast = missing == 0 && adopt.Count == 0;
            var retired = Take(retire, isLast ? retire.Count : size);
            batches.Add(new Batch(Spread(launched, perZone), adopted, retired));
        }

        return batches;
    }

    private static List<string> Take(Queue<string> queue, int count)
    {
        var taken = new List<string>();
        while (taken.Count < count && queue.TryDequeue(out var id)) taken.Add(id);
        return taken;
    }

    private static Dictionary<string, int> Spread(int count, Dictionary<string, int> perZone)
    {
        var launch = new Dictionary<string, int>();
        for (var i = 0; i < count; i++)
        {
            var zone = perZone.OrderBy(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).First().Key;
            perZone[zone]++;
            launch[zone] = launch.GetValueOrDefault(zone) + 1;
        }

        return launch;
    }
}
