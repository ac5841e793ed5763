namespace SyncStorage.Pipeline.Rollout;

/// <summary>Instances that are replaced together: the new serve before the old leave.</summary>
/// <param name="Launch">How many new ones in which zone.</param>
/// <param name="Adopt">Webheads of the wanted launch spec that run but don't serve: they go through the gate like new ones.</param>
/// <param name="Retire">Webheads that leave once the new ones serve.</param>
public sealed record Batch(IReadOnlyDictionary<string, int> Launch, IReadOnlyList<string> Adopt, IReadOnlyList<string> Retire)
{
    /// <summary>Whether it is the one that is watched before any other follows.</summary>
    public bool IsCanary { get; init; }

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
/// <param name="MinHealthy">How many must serve before any may leave; at most <paramref name="Desired"/>.</param>
/// <param name="BatchSize">How many are replaced together.</param>
/// <param name="Zones">The zones to spread over.</param>
public sealed record RolloutGoal(string LaunchSpec, int Desired, int MinHealthy, int BatchSize, IReadOnlyList<string> Zones)
{
    /// <summary>Whether the first batch is of one, where others serve and none of the wanted launch spec does yet.</summary>
    public bool Canary { get; init; }
}

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
        var kept = running.Where(webhead => webhead.LaunchSpec == goal.LaunchSpec).OrderByDescending(webhead => webhead.Verdict.IsServing).Take(goal.Desired).ToList();
        List<string> keep = [.. kept.Where(webhead => webhead.Verdict.IsServing).Select(webhead => webhead.Id)];
        return new RolloutPlan(keep, Batches(goal, kept, running), dead);
    }

    private static List<Batch> Batches(RolloutGoal goal, List<Webhead> kept, List<Webhead> running)
    {
        var serving = running.Count(webhead => webhead.Verdict.IsServing);
        var missing = goal.Desired - kept.Count;
        var adopt = new Queue<Webhead>(kept.Where(webhead => !webhead.Verdict.IsServing));
        var perZone = goal.Zones.ToDictionary(zone => zone, zone => kept.Count(webhead => webhead.Zone == zone));

        // What does not serve leaves first: that never reduces serving.
        var retire = new Queue<Webhead>(running.Except(kept).OrderBy(webhead => webhead.Verdict.IsServing).ThenBy(webhead => webhead.Launched));

        // Where nothing serves there is nothing to protect: all at once.
        var size = serving > 0 ? goal.BatchSize : Math.Max(1, goal.Desired);
        var batches = new List<Batch>();
        var canary = goal.Canary && serving > 0 && !kept.Exists(webhead => webhead.Verdict.IsServing);
        while (missing > 0 || adopt.Count > 0 || retire.Count > 0)
        {
            var now = canary && batches.Count == 0 ? 1 : size;
            var adopted = Take(adopt, now, _ => true, _ => { });
            var launched = Math.Min(missing, now - adopted.Count);
            missing -= launched;
            serving += adopted.Count + launched;

            // A fleet that is below min healthy is filled up first; nothing that serves leaves before.
            var leave = missing == 0 && adopt.Count == 0 ? retire.Count : now;
            var retired = Take(retire, leave, webhead => !webhead.Verdict.IsServing || serving > goal.MinHealthy, webhead => serving -= webhead.Verdict.IsServing ? 1 : 0);
            batches.Add(new Batch(Spread(launched, perZone), adopted, retired) { IsCanary = canary && batches.Count == 0 });
        }

        return batches;
    }

    private static List<string> Take(Queue<Webhead> queue, int count, Func<Webhead, bool> may, Action<Webhead> taking)
    {
        var taken = new List<string>();
        while (taken.Count < count && queue.TryPeek(out var webhead) && may(webhead))
        {
            taking(queue.Dequeue());
            taken.Add(webhead.Id);
        }

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
