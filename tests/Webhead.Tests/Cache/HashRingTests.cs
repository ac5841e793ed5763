using SyncStorage.Webhead.Cache;

namespace SyncStorage.Webhead.Tests.Cache;

[TestFixture]
internal sealed class HashRingTests
{
    private const int Keys = 20_000;

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(10)]
    public void OwnerOf_ManyKeys_SharesThemOut(int nodes)
    {
        var ring = new HashRing(Names(nodes));

        var shares = Hashes().GroupBy(ring.OwnerOf).Select(share => share.Count() * nodes / (double)Keys).ToList();

        Assert.That(shares, Has.Count.EqualTo(nodes));
        Assert.That(shares, Is.All.InRange(0.7, 1.3));
    }

    [TestCase(2)]
    [TestCase(4)]
    [TestCase(9)]
    public void OwnerOf_OneNodeMore_MovesItsShareAndNoOther(int nodes)
    {
        var before = new HashRing(Names(nodes));
        var after = new HashRing(Names(nodes + 1));

        var moved = Hashes().Where(hash => before.OwnerOf(hash) != after.OwnerOf(hash)).ToList();

        Assert.That(moved.Count * (nodes + 1) / (double)Keys, Is.InRange(0.75, 1.25));
        Assert.That(moved.Select(after.OwnerOf), Is.All.EqualTo(nodes), "all of them to the new one");
    }

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(node => $"cache-{node}.example.com:11211")];

    private static IEnumerable<ulong> Hashes() => Enumerable.Range(0, Keys).Select(uid => new CacheUser("sync0.example.com", uid).Hash);
}
