namespace SyncStorage.Pipeline.Rollout;

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

        // One that the load balancer has found ill would be waited for in vain: another takes its place.
        var kept = Kept(running.Where(webhead => webhead.LaunchSpec == goal.LaunchSpec && !webhead.Verdict.FailsProbes), goal.Desired);
        List<string> keep = [.. kept.Where(webhead => webhead.Verdict.IsServing).Select(webhead => webhead.Id)];
        return new RolloutPlan(keep, [.. new Steps(goal, kept, running).Batches()], dead);
    }

    /// <summary>Spreads instances over zones, the emptiest first; <paramref name="perZone"/> counts them.</summary>
    internal static Dictionary<string, int> Spread(int count, Dictionary<string, int> perZone)
    {
        var spread = new Dictionary<string, int>();
        for (var i = 0; i < count; i++)
        {
            var zone = perZone.OrderBy(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).First().Key;
            perZone[zone]++;
            spread[zone] = spread.GetValueOrDefault(zone) + 1;
        }

        return spread;
    }

    // Of those that are as wanted, the ones that serve come first, and then those of the emptiest zone: surplus is taken from the fullest.
    private static List<Webhead> Kept(IEnumerable<Webhead> wanted, int most)
    {
        var left = wanted.ToList();
        var kept = new List<Webhead>();
        while (kept.Count < most && left.Count > 0)
        {
            var next = left.OrderByDescending(webhead => webhead.Verdict.IsServing).ThenBy(webhead => kept.Count(one => one.Zone == webhead.Zone)).First();
            left.Remove(next);
            kept.Add(next);
        }

        return kept;
    }

    private sealed class Steps(RolloutGoal goal, List<Webhead> kept, List<Webhead> running)
    {
        private readonly int minHealthy = Math.Min(goal.MinHealthy, goal.Desired);
        private readonly List<Webhead> retire = [.. running.Except(kept)];
        private readonly Queue<Webhead> adopt = new(kept.Where(webhead => !webhead.Verdict.IsServing));

        // Of the fleet as it will be, and of who serves at the moment.
        private readonly Dictionary<string, int> planned = goal.Zones.ToDictionary(zone => zone, zone => kept.Count(webhead => webhead.Zone == zone));
        private readonly Dictionary<string, int> servingIn =
            running.Where(webhead => webhead.Verdict.IsServing).GroupBy(webhead => webhead.Zone).ToDictionary(zone => zone.Key, zone => zone.Count());

        private int missing = goal.Desired - kept.Count;

        private int Serving => servingIn.Values.Sum();

        public IEnumerable<Batch> Batches()
        {
            // Where nothing serves there is nothing to protect: all at once.
            var size = Serving > 0 ? goal.BatchSize : Math.Max(1, goal.Desired);
            var canary = goal.Canary && Serving > 0 && !kept.Exists(webhead => webhead.Verdict.IsServing);
            while (missing > 0 || adopt.Count > 0 || retire.Count > 0)
            {
                yield return Next(canary ? 1 : size) with { IsCanary = canary };
                canary = false;
            }
        }

        private Batch Next(int size)
        {
            var joining = Math.Min(size, adopt.Count + missing);
            var first = Relieve(size, () => Room < joining);
            joining = Math.Min(joining, Math.Max(Room, 0));

            var adopted = Enumerable.Range(0, Math.Min(joining, adopt.Count)).Select(_ => adopt.Dequeue()).ToList();
            foreach (var webhead in adopted) Count(webhead.Zone, +1);
            var launch = Spread(joining - adopted.Count);

            // A fleet that is below min healthy is filled up first; nothing that serves leaves before.
            var rest = missing == 0 && adopt.Count == 0 ? retire.Count : size - first.Count;
            return new Batch(launch, [.. adopted.Select(webhead => webhead.Id)], [.. Dismiss(), .. Relieve(rest, () => true)]) { RetireFirst = first };
        }

        private int Room => goal.Desired + goal.Surge - Serving;

        // What does not serve leaves at once: that never reduces serving.
        private List<string> Dismiss()
        {
            List<string> idle = [.. retire.Where(webhead => !webhead.Verdict.IsServing).OrderBy(webhead => webhead.Launched).Select(webhead => webhead.Id)];
            retire.RemoveAll(webhead => !webhead.Verdict.IsServing);
            return idle;
        }

        // Of what serves, the fullest zone is relieved first.
        private List<string> Relieve(int most, Func<bool> needed)
        {
            var left = new List<string>();
            while (left.Count < most && Serving > minHealthy && needed())
            {
                var next = retire.Where(webhead => webhead.Verdict.IsServing).OrderByDescending(webhead => servingIn[webhead.Zone]).ThenBy(webhead => webhead.Launched).FirstOrDefault();
                if (next is null) break;
                Count(next.Zone, -1);
                retire.Remove(next);
                left.Add(next.Id);
            }

            return left;
        }

        private Dictionary<string, int> Spread(int count)
        {
            var launch = RolloutPlanner.Spread(count, planned);
            foreach (var (zone, launched) in launch) Count(zone, launched);
            missing -= count;
            return launch;
        }

        private void Count(string zone, int change) => servingIn[zone] = servingIn.GetValueOrDefault(zone) + change;
    }
}
