using System.Globalization;
using SyncStorage.Webhead.Cache;

namespace SyncStorage.Growth;

/// <summary>Who moves when a cache node is added: with the webhead's own ring, and names as ElastiCache gives them.</summary>
internal static class RingShare
{
    private const int MostNodes = 20;
    private const int Clusters = 25;
    private const int Users = 40_000;
    private const double LargestRatio = 1.3;

    /// <summary>Adds a node to clusters of every size and several names.</summary>
    public static IEnumerable<GrowthRow> Measure()
    {
        var hashes = Enumerable.Range(0, Users).Select(uid => new CacheUser("sync0.example.com", uid).Hash).ToList();
        var ratios = new List<double>();
        var elsewhere = 0;
        for (var cluster = 0; cluster < Clusters; cluster++)
        {
            for (var nodes = 1; nodes < MostNodes; nodes++)
            {
                var (before, after) = (new HashRing(Names(cluster, nodes)), new HashRing(Names(cluster, nodes + 1)));
                var moved = hashes.Where(hash => before.OwnerOf(hash) != after.OwnerOf(hash)).ToList();
                elsewhere += moved.Count(hash => after.OwnerOf(hash) != nodes);
                ratios.Add(moved.Count * (nodes + 1) / (double)Users);
            }
        }

        var of = $"{ratios.Count} additions, 1 to {MostNodes} nodes, {Users} users";
        yield return new("users that a new cache node moves, as a ratio to the ideal share: the mean", Math.Round(ratios.Average(), 3), LargestRatio, "x", of);
        yield return new("the most", Math.Round(ratios.Max(), 3), LargestRatio, "x", of);
        yield return new("users that move between nodes that stay", elsewhere, 0, "users", of);
    }

    private static string[] Names(int cluster, int count) =>
        [.. Enumerable.Range(1, count).Select(node => string.Create(CultureInfo.InvariantCulture, $"sync2-cache.{cluster * 7919:x6}.{node:D4}.use1.cache.amazonaws.com:11211"))];
}
