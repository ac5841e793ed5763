using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Capacity;

/// <summary>One dbnode as it is, and as it goes on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TakesUsers">Whether users are assigned to it.</param>
/// <param name="Usage">What it has now; null if it could not be asked.</param>
/// <param name="StatementsPerSecond">What it has to do, on average since the look before; null if that is not known.</param>
/// <param name="StorageShare">The share of its storage that is used.</param>
/// <param name="StorageFullAt">When its storage is as full as the settings allow; null if that can't be told or is far away.</param>
public sealed record CapacityNode(string Name, bool TakesUsers, NodeUsage? Usage, double? StatementsPerSecond, double StorageShare, DateTimeOffset? StorageFullAt);

/// <summary>What runs out when, of all dbnodes together that take users.</summary>
/// <param name="What"><c>users</c>, <c>storage</c> or <c>load</c>.</param>
/// <param name="Used">How much there is.</param>
/// <param name="Limit">How much there may be.</param>
/// <param name="PerDay">How much it grows a day; null if too little was seen to tell.</param>
/// <param name="FullAt">When the limit is reached; null if that can't be told or is far away.</param>
public sealed record CapacityMeasure(string What, double Used, double Limit, double? PerDay, DateTimeOffset? FullAt);

/// <summary>When the next dbnode is due, and what each step costs.</summary>
/// <param name="At">When it was looked.</param>
/// <param name="Nodes">The dbnodes.</param>
/// <param name="Measures">What runs out.</param>
/// <param name="Steps">What could be done, with what it costs.</param>
/// <param name="Prices">Of where and when the prices are.</param>
public sealed record CapacityPlan(
    DateTimeOffset At, IReadOnlyList<CapacityNode> Nodes, IReadOnlyList<CapacityMeasure> Measures, IReadOnlyList<CapacityStep> Steps, string Prices)
{
    private const double GiB = 1L << 30;

    /// <summary>What runs out first; null if nothing does, as far as can be told.</summary>
    public CapacityMeasure? First => Measures.Where(measure => measure.FullAt is not null).MinBy(measure => measure.FullAt);

    /// <summary>When the next dbnode should be asked for: that long before something runs out. Null if nothing does, as far as can be told.</summary>
    public DateTimeOffset? NextNodeDue { get; init; }

    /// <summary>Whether too little was seen to tell any trend.</summary>
    public bool TrendUnknown => Measures.All(measure => measure.PerDay is null);

    /// <summary>Works it out.</summary>
    /// <param name="settings">The dbnodes and their limits.</param>
    /// <param name="samples">What was seen, the last one now.</param>
    public static CapacityPlan Of(EnvironmentSettings settings, CapacitySamples samples)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(samples);
        var now = samples.Samples[^1].At;
        var limits = settings.Capacity;
        var nodes = settings.Dbnodes.Select(node => NodeOf(node, limits, samples.Samples, now)).ToList();
        CapacityMeasure[] measures =
        [
            Measure("users", _ => limits.UsersPerNode, node => node.Usage?.Users, sample => sample.Nodes.Values.Sum(usage => (double)usage.Users)),
            Measure("storage", node => StorageLimit(node, limits), node => node.Usage?.Bytes, sample => sample.Nodes.Values.Sum(usage => (double)usage.Bytes)),
            Together("load", _ => limits.StatementsPerSecond, node => node.StatementsPerSecond, LoadOf(samples.Samples, usages => usages.Keys)),
        ];
        var plan = new CapacityPlan(now, nodes, measures, CapacitySteps.Of(settings, nodes), CapacitySteps.PricesText);
        return plan with { NextNodeDue = plan.First?.FullAt is { } full ? Later(full - TimeSpan.FromDays(limits.LeadDays), now) : null };

        CapacityMeasure Measure(string what, Func<DatabaseNodeSettings, double> limit, Func<CapacityNode, double?> used, Func<CapacitySample, double> total) =>
            Together(what, limit, used, [.. Whole(samples.Samples).Select(sample => new Point(sample.At, total(sample)))]);

        // New users go where users are assigned, so room elsewhere does not count.
        CapacityMeasure Together(string what, Func<DatabaseNodeSettings, double> limit, Func<CapacityNode, double?> used, IReadOnlyList<Point> points)
        {
            var open = settings.Dbnodes.Zip(nodes).Where(pair => pair.Second.TakesUsers).ToList();
            var headroom = open.Sum(pair => Math.Max(0, limit(pair.First) - (used(pair.Second) ?? 0)));
            var trend = Trend.Of(points);
            return new CapacityMeasure(what, nodes.Sum(node => used(node) ?? 0), open.Sum(pair => limit(pair.First)), trend?.PerDay, trend?.Reaches(headroom, now));
        }
    }

    /// <summary>What a dbnode may hold.</summary>
    internal static double StorageLimit(DatabaseNodeSettings node, CapacitySettings limits) => node.StorageGiB * GiB * limits.StorageShare;

    private static CapacityNode NodeOf(DatabaseNodeSettings node, CapacitySettings limits, IReadOnlyList<CapacitySample> samples, DateTimeOffset now)
    {
        var usage = samples[^1].Nodes.GetValueOrDefault(node.Name);
        var bytes = Trend.Of([.. samples.Where(sample => sample.Nodes.ContainsKey(node.Name)).Select(sample => new Point(sample.At, sample.Nodes[node.Name].Bytes))]);
        return new CapacityNode(
            node.Name, node.Hosts.Any(node.TakesUsers), usage, usage is null ? null : LoadOf(samples, _ => [node.Name]) is [.., var load] ? load.Value : (double)usage.Statements / Math.Max(1, usage.UptimeSeconds),
            (usage?.Bytes ?? 0) / (node.StorageGiB * GiB), usage is null ? null : bytes?.Reaches(StorageLimit(node, limits) - usage.Bytes, now));
    }

    // A node that could not be asked is missing from the sum of that time: it would look as if users had left.
    private static IEnumerable<CapacitySample> Whole(IReadOnlyList<CapacitySample> samples)
    {
        var most = 0;
        foreach (var sample in samples)
        {
            if (sample.Nodes.Count < most && sample.Nodes.Count < samples[^1].Nodes.Count) continue;
            most = Math.Max(most, sample.Nodes.Count);
            yield return sample;
        }
    }

    /// <summary>Statements a second between each two looks, of some nodes together; a server that was started anew in between counts from then.</summary>
    private static List<Point> LoadOf(IReadOnlyList<CapacitySample> samples, Func<IReadOnlyDictionary<string, NodeUsage>, IEnumerable<string>> which)
    {
        var points = new List<Point>();
        foreach (var (before, after) in samples.Zip(samples.Skip(1)))
        {
            var both = which(after.Nodes).Where(name => after.Nodes.ContainsKey(name) && before.Nodes.ContainsKey(name)).ToList();
            if (both.Count == 0) continue;
            points.Add(new Point(after.At, both.Sum(name => Rate(before.Nodes[name], after.Nodes[name]))));
        }

        return points;
    }

    private static double Rate(NodeUsage before, NodeUsage after) =>
        after.UptimeSeconds > before.UptimeSeconds && after.Statements >= before.Statements
            ? (double)(after.Statements - before.Statements) / (after.UptimeSeconds - before.UptimeSeconds)
            : (double)after.Statements / Math.Max(1, after.UptimeSeconds);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
