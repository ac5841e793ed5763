using SyncStorage.Pipeline.Preflight;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Capacity;

/// <summary>Something that could be done.</summary>
/// <param name="What">What, e.g. <c>another dbnode like db1 (db.t3.small, 100 GiB)</c>.</param>
/// <param name="Setting">How: the setting that says it.</param>
/// <param name="DollarsAMonth">What it costs more a month, in US dollars; null if the table has no price.</param>
/// <param name="Note">What else it means.</param>
public sealed record CapacityStep(string What, string Setting, decimal? DollarsAMonth, string Note);

/// <summary>The steps that make room, and what each costs: list prices, an estimate.</summary>
internal static class CapacitySteps
{
    private const decimal MoreStorage = 0.5m;

    /// <summary>The sizes of a family, in their order.</summary>
    private static readonly string[] Sizes = ["micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge"];

    /// <summary>Of where and when the prices are.</summary>
    public static string PricesText => $"on-demand list prices of {PriceTable.Current.Region}, {PriceTable.Current.AsOf}: an estimate";

    /// <summary>The steps for a cluster as it is.</summary>
    public static IReadOnlyList<CapacityStep> Of(EnvironmentSettings settings, IReadOnlyList<CapacityNode> nodes)
    {
        var prices = PriceTable.Current;
        var last = settings.Dbnodes[^1];
        var fullest = Node(nodes.MaxBy(node => node.StorageShare)!.Name);
        var busiest = Node(nodes.MaxBy(node => node.StatementsPerSecond ?? 0)!.Name);
        var more = (int)Math.Ceiling(fullest.StorageGiB * MoreStorage);
        var steps = new List<CapacityStep>
        {
            new($"another dbnode like {last.Name} ({last.InstanceClass}, {last.StorageGiB} GiB{(last.MultiAz ? ", with a standby" : "")})", "dbnodes: one more entry, with hostnames of its own",
                prices.OfType(last.InstanceClass) * Servers(last) + Storage(last, last.StorageGiB), "new users go there; nobody is interrupted"),
            new($"{more} GiB more for {fullest.Name}, which is the fullest", $"{Path(fullest)}.storageGiB: {fullest.StorageGiB + more}", Storage(fullest, more), "grows while it serves; storage never shrinks"),
        };
        if (Larger(busiest.InstanceClass) is { } larger)
            steps.Add(new(
                $"{larger} for {busiest.Name}, which has the most to do", $"{Path(busiest)}.instanceClass: {larger}",
                (prices.OfType(larger) - prices.OfType(busiest.InstanceClass)) * Servers(busiest), "interrupts it: wants --approve"));
        steps.Add(new(
            $"another cache node ({settings.Cache.NodeType})", $"cache.nodes: {settings.Cache.Nodes + 1}", prices.OfType(settings.Cache.NodeType),
            $"about 1 in {settings.Cache.Nodes + 1} users moves to it, and has no open tabs until the next sync"));
        steps.Add(new($"another webhead ({settings.Webheads.InstanceType})", $"webheads.count: {settings.Webheads.Count + 1}", prices.OfType(settings.Webheads.InstanceType), "nobody is interrupted"));
        return steps;

        DatabaseNodeSettings Node(string name) => settings.Dbnodes.First(node => node.Name == name);
        string Path(DatabaseNodeSettings node) => $"dbnodes[{settings.Dbnodes.ToList().IndexOf(node)}]";
        static int Servers(DatabaseNodeSettings node) => node.MultiAz ? 2 : 1;
        decimal Storage(DatabaseNodeSettings node, int gib) => Servers(node) * gib * prices.Monthly["databaseGiB"];
    }

    /// <summary>The next size of a class's family that has a price; null if there is none.</summary>
    internal static string? Larger(string instanceClass)
    {
        var dot = instanceClass.LastIndexOf('.');
        var (family, size) = (instanceClass[..(dot + 1)], Array.IndexOf(Sizes, instanceClass[(dot + 1)..]));
        return size < 0 ? null : Sizes.Skip(size + 1).Select(next => family + next).FirstOrDefault(next => PriceTable.Current.OfType(next) is not null);
    }
}
