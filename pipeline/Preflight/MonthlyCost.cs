using SyncStorage.Pipeline.Monitoring;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Preflight;

/// <summary>What a cluster costs a month, roughly: on-demand list prices of one region at one time, from a small table.</summary>
/// <param name="Dollars">US dollars a month, of what has a price.</param>
/// <param name="Parts">What it consists of.</param>
/// <param name="Unknown">Types that the table has no price for.</param>
/// <param name="Source">Of where and when the prices are.</param>
public sealed record MonthlyCost(decimal Dollars, IReadOnlyList<string> Parts, IReadOnlyList<string> Unknown, string Source)
{
    /// <summary>The root volume of a webhead, as Amazon Linux's images have it.</summary>
    private const int RootVolumeGiB = 8;

    /// <summary>How many figures a webhead sends.</summary>
    private const int FiguresOfAWebhead = 15;

    /// <summary>The estimate for settings. Traffic, snapshots beyond the free amount, and requests are not in it.</summary>
    public static MonthlyCost Of(EnvironmentSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var prices = PriceTable.Current;
        var unknown = new List<string>();
        var webheads = settings.Webheads.Count * (Hourly(settings.Webheads.InstanceType) + RootVolumeGiB * prices.Monthly["volumeGiB"]);

        // A standby costs what the database costs, storage included.
        var databases = settings.RdsNodes.Sum(node => (node.MultiAz ? 2 : 1) * (Hourly(node.InstanceClass) + node.StorageGiB * prices.Monthly["databaseGiB"]))
            + settings.InstanceNodes.Sum(node => Hourly(node.InstanceType) + (RootVolumeGiB + node.StorageGiB) * prices.Monthly["volumeGiB"]);
        var cache = settings.Cache.Nodes * Hourly(settings.Cache.NodeType);
        var balancer = Hourly("loadBalancer");
        var tokens = settings.TokenServer is not { } server ? 0 : balancer + server.Count * (Hourly(server.InstanceType) + RootVolumeGiB * prices.Monthly["volumeGiB"]);
        var monitoring = settings.Monitoring is null ? 0
            : (DesiredAlarm.All(settings, new ClusterNames(settings.Cluster)).Count * prices.Monthly["alarm"]) + prices.Monthly["dashboard"] + (settings.Webheads.Count * FiguresOfAWebhead * prices.Monthly["figure"]);
        return new MonthlyCost(
            webheads + databases + cache + balancer + tokens + monitoring,
            [
                Part("webheads", webheads), Part("databases", databases), Part("cache", cache), Part("load balancer", balancer),
                .. tokens == 0 ? Array.Empty<string>() : [Part("token server", tokens)], .. settings.Monitoring is null ? Array.Empty<string>() : [Part("monitoring", monitoring)],
            ],
            [.. unknown.Distinct()], $"{prices.Region}, {prices.AsOf}");

        decimal Hourly(string type)
        {
            if (prices.OfType(type) is { } price) return price;
            unknown.Add(type);
            return 0;
        }
    }

    private static string Part(string what, decimal dollars) => FormattableString.Invariant($"{what} ${dollars:0}");
}
