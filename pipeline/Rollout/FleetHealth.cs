namespace SyncStorage.Pipeline.Rollout;

/// <summary>Who is well: pure functions over the fleet and its heartbeats.</summary>
public static class FleetHealth
{
    /// <summary>The release that the fleet is meant to have: what most of those that serve have, or else of those that are there.</summary>
    public static string? ReleaseOf(IReadOnlyList<Webhead> webheads)
    {
        var serving = webheads.Where(webhead => webhead.Verdict.IsServing).ToList();
        return (serving.Count > 0 ? serving : webheads).GroupBy(webhead => webhead.Release).OrderByDescending(group => group.Count())
            .ThenByDescending(group => group.Max(webhead => webhead.Launched)).FirstOrDefault()?.Key;
    }

    /// <summary>Whether all that answer are degraded: what they depend on is ill, and not they.</summary>
    public static bool IsDependency(IReadOnlyList<Webhead> webheads, IReadOnlyDictionary<string, string> heartbeats)
    {
        ArgumentNullException.ThrowIfNull(heartbeats);
        return webheads.Count > 0 && heartbeats.Values.Any(status => status == "degraded") && !heartbeats.Values.Any(status => status == "ok");
    }

    /// <summary>The webheads that stay: of the release, running, and with a good heartbeat, or with one that a new webhead would have, too.</summary>
    public static IReadOnlySet<string> Well(IReadOnlyList<Webhead> webheads, string release, IReadOnlyDictionary<string, string> heartbeats)
    {
        ArgumentNullException.ThrowIfNull(heartbeats);
        var dependency = IsDependency(webheads, heartbeats);
        return webheads.Where(webhead => webhead.IsRunning && webhead.Release == release && heartbeats.GetValueOrDefault(webhead.Id) is { } status && (status == "ok" || (dependency && status == "degraded")))
            .Select(webhead => webhead.Id).ToHashSet();
    }

    /// <summary>The fleet as the planner shall see it: who is well is as wanted, whatever it was launched from; nobody else is.</summary>
    public static IReadOnlyList<Webhead> Marked(IReadOnlyList<Webhead> webheads, IReadOnlySet<string> well, string launchSpec) =>
        [.. webheads.Select(webhead => webhead with { LaunchSpec = well.Contains(webhead.Id) ? launchSpec : "" })];
}
