using Amazon.ElastiCache;
using Amazon.ElastiCache.Model;
using SyncStorage.Pipeline.Cache;
using SyncStorage.Pipeline.Settings;
using Observed = Amazon.ElastiCache.Model.CacheCluster;

namespace SyncStorage.Pipeline.Tests.Cache;

public sealed class CachePlanTests
{
    private static readonly CacheSettings Settings = new() { Nodes = 2 };

    [Test]
    public void Compare_AsWanted_NeedsNothing() => Assert.That(Compare(Seen()), Is.Empty);

    [Test]
    public void Compare_FewerNodesWanted_RemovesTheLast()
    {
        var observed = Seen();
        observed.NumCacheNodes = 3;
        observed.CacheNodes.Add(new CacheNode { CacheNodeId = "0003" });
        var request = new ModifyCacheClusterRequest();

        Compare(observed).Single().Apply!(request);

        Assert.That((request.NumCacheNodes, string.Join(",", request.CacheNodeIdsToRemove)), Is.EqualTo((2, "0003")));
    }

    [Test]
    public void Compare_MoreNodesWanted_PutsThemIntoOtherZones()
    {
        var observed = Seen();
        observed.NumCacheNodes = 1;
        var request = new ModifyCacheClusterRequest();

        Compare(observed).Single().Apply!(request);

        Assert.That((request.NumCacheNodes, request.AZMode, request.CacheNodeIdsToRemove), Is.EqualTo((2, AZMode.CrossAz, (List<string>?)null)));
    }

    [Test]
    public void Compare_OtherNodeType_CanOnlyBeReplaced()
    {
        var observed = Seen();
        observed.CacheNodeType = "cache.m5.large";

        Assert.That(Compare(observed).Single().Apply, Is.Null);
    }

    [TestCase("1.6.23", null)]
    [TestCase("1.6.17", "1.6.22")]
    public void Compare_OtherPatch_OnlyAnEarlierOneIsBroughtForward(string found, string? asked)
    {
        var observed = Seen();
        observed.EngineVersion = found;
        var request = new ModifyCacheClusterRequest();

        foreach (var difference in Compare(observed)) difference.Apply!(request);

        Assert.That(request.EngineVersion, Is.EqualTo(asked));
    }

    [Test]
    public void Compare_LaterLineThanTheSettingsSay_CanOnlyBeReplaced()
    {
        var observed = Seen();
        observed.EngineVersion = "1.7.0";

        Assert.That(Compare(observed).Single().Apply, Is.Null);
    }

    private static IReadOnlyList<CacheDifference> Compare(Observed observed) => CachePlan.Compare(Settings, observed, "sync2-cache-params", "sg-cache");

    private static Observed Seen() => new()
    {
        NumCacheNodes = 2,
        CacheNodes = [new CacheNode { CacheNodeId = "0001" }, new CacheNode { CacheNodeId = "0002" }],
        CacheNodeType = Settings.NodeType,
        EngineVersion = "1.6.22",
        CacheParameterGroup = new CacheParameterGroupStatus { CacheParameterGroupName = "sync2-cache-params" },
        SecurityGroups = [new SecurityGroupMembership { SecurityGroupId = "sg-cache" }],
    };
}
