using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace SyncStorage.Webhead.Cache;

/// <summary>
/// Consistent hashing: each node has many points on a ring, and a key belongs to the node of the next point. A node that comes or
/// goes moves its own share of the keys and no others.
/// </summary>
internal sealed class HashRing
{
    private const int PointsPerNode = 160;

    private readonly ulong[] points;
    private readonly int[] owners;

    /// <summary>Makes a ring of nodes; their names decide, so that a node keeps its keys when its address changes.</summary>
    public HashRing(IReadOnlyList<string> names)
    {
        ArgumentOutOfRangeException.ThrowIfZero(names.Count);
        points = new ulong[names.Count * PointsPerNode];
        owners = new int[points.Length];
        for (var index = 0; index < points.Length; index++)
        {
            var (node, point) = Math.DivRem(index, PointsPerNode);
            points[index] = XxHash3.HashToUInt64(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{names[node]}-{point}")));
            owners[index] = node;
        }

        Array.Sort(points, owners);
    }

    /// <summary>The number of the node that a key's hash belongs to.</summary>
    public int OwnerOf(ulong hash)
    {
        var index = Array.BinarySearch(points, hash);
        if (index < 0) index = ~index;
        return owners[index == points.Length ? 0 : index];
    }
}
