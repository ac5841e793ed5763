using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.ElastiCache;
using SyncStorage.LocalCloud.Tests.Elb;
using SyncStorage.LocalCloud.Tests.Rds;

namespace SyncStorage.LocalCloud.Tests.ElastiCache;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class ElastiCacheServiceTests
{
    private const string Arn = "arn:aws:elasticache:us-east-1:000000000000:cluster:c";
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FakeCacheEngine engine = new();
    private readonly FakeAddresses addresses = new(2);
    private readonly FakeGroups groups = new("sg-1");
    private string directory = "";
    private ElastiCacheService cache = null!;

    [SetUp]
    public void SetUp()
    {
        directory = Directory.CreateTempSubdirectory("cache-unit-").FullName;
        cache = NewService();
    }

    [TearDown]
    public async Task TearDown()
    {
        await cache.StopAsync(keepProcesses: false, CancellationToken.None);
        cache.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Test]
    public async Task Create_TimePasses_BecomesAvailableWithItsEndpoints()
    {
        await cache.CallAsync("CreateCacheCluster", Input(2).ToJsonString());
        var creating = await ClusterAsync();
        await AvailableAsync();

        var available = await ClusterAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string)creating["CacheClusterStatus"]!, Is.EqualTo("creating"));
            Assert.That(creating["ConfigurationEndpoint"], Is.Null);
            Assert.That(available["ConfigurationEndpoint"]!.ToJsonString(), Is.EqualTo("""{"Address":"127.90.2.1","Port":21211}"""));
            Assert.That(available["CacheNodes"]!.AsArray().Select(node => (string)node!["CacheNodeId"]!), Is.EqualTo(new[] { "0001", "0002" }));
            Assert.That((string)available["CacheNodes"]![1]!["Endpoint"]!["Address"]!, Is.EqualTo("127.90.2.3"));
            Assert.That((string)available["EngineVersion"]!, Is.EqualTo("1.6.22"));
            Assert.That((string)available["SecurityGroups"]![0]!["SecurityGroupId"]!, Is.EqualTo("sg-1"));
            Assert.That(available["CacheSecurityGroups"], Is.Not.Null);
            Assert.That(groups.InUse("sg-1"), Is.True);
        }
    }

    [Test]
    public async Task Node_DiesNowAndThen_IsStartedAgainEachTime()
    {
        await cache.CallAsync("CreateCacheCluster", Input(1).ToJsonString());
        await AvailableAsync();

        for (var death = 0; death < 6; death++)
        {
            var dead = engine.Processes.Single();
            engine.Die(dead);
            await Eventually.TrueAsync(() => engine.Processes is [var next] && next != dead, "another node runs");
            await cache.IdleAsync();
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.That((string)(await ClusterAsync())["CacheClusterStatus"]!, Is.EqualTo("available"));
    }

    [TestCase("CacheClusterId", "c--c", "InvalidParameterValue")]
    [TestCase("Engine", "redis", "InvalidParameterValue")]
    [TestCase("EngineVersion", "9", "InvalidParameterCombination")]
    [TestCase("CacheNodeType", "t3.micro", "InvalidParameterValue")]
    [TestCase("NumCacheNodes", "61", "NodeQuotaForClusterExceeded")]
    [TestCase("NumCacheNodes", "0", "InvalidParameterValue")]
    [TestCase("CacheParameterGroupName", "no", "CacheParameterGroupNotFound")]
    [TestCase("CacheSubnetGroupName", "no", "CacheSubnetGroupNotFoundFault")]
    public async Task Create_BadMember_IsRefusedWithAwsCode(string member, string value, string code)
    {
        var input = Input(1);
        input[member] = value;

        Assert.That(await cache.ErrorOfAsync("CreateCacheCluster", input.ToJsonString()), Is.EqualTo(code));
        Assert.That(addresses.Owners, Is.Empty);
    }

    [TestCase("""{"CacheClusterId":"c","NumCacheNodes":1,"ApplyImmediately":true}""", "InvalidParameterCombination")]
    [TestCase("""{"CacheClusterId":"c","NumCacheNodes":1,"CacheNodeIdsToRemove":["0009"],"ApplyImmediately":true}""", "CacheNodeNotFound")]
    [TestCase("""{"CacheClusterId":"c","CacheNodeType":"cache.m5.large","ApplyImmediately":true}""", "InvalidParameterCombination")]
    [TestCase("""{"CacheClusterId":"no","NumCacheNodes":1}""", "CacheClusterNotFound")]
    [TestCase("""{"CacheClusterId":"c","NumCacheNodes":3,"NewAvailabilityZones":["us-east-1b","us-east-1c"],"ApplyImmediately":true}""", "InvalidParameterCombination")]
    [TestCase("""{"CacheClusterId":"c","NumCacheNodes":3,"NewAvailabilityZones":["mars-1a"],"ApplyImmediately":true}""", "InvalidParameterValue")]
    [TestCase("""{"CacheClusterId":"c","NumCacheNodes":1,"CacheNodeIdsToRemove":["0002"],"AZMode":"cross-az","ApplyImmediately":true}""", "InvalidParameterCombination")]
    public async Task Modify_WhatAwsRefuses_IsRefused(string input, string code)
    {
        await cache.CallAsync("CreateCacheCluster", Input(2).ToJsonString());
        await AvailableAsync();

        Assert.That(await cache.ErrorOfAsync("ModifyCacheCluster", input), Is.EqualTo(code));
    }

    [Test]
    public async Task Modify_MoreNodesAcrossZones_LeavesTheFirstWhereItIs()
    {
        await cache.CallAsync("CreateCacheCluster", Input(1).ToJsonString());
        await AvailableAsync();
        var before = Zones(await ClusterAsync());

        await cache.CallAsync("ModifyCacheCluster", """{"CacheClusterId":"c","NumCacheNodes":3,"AZMode":"cross-az","ApplyImmediately":true}""");
        await AvailableAsync();
        var after = Zones(await ClusterAsync());
        var back = await cache.ErrorOfAsync("ModifyCacheCluster", """{"CacheClusterId":"c","NumCacheNodes":4,"AZMode":"single-az","ApplyImmediately":true}""");

        Assert.That(after, Has.Count.EqualTo(3).And.Unique);
        Assert.That((after[0], back), Is.EqualTo((before.Single(), "InvalidParameterCombination")));

        static List<string> Zones(JsonNode cluster) => [.. cluster["CacheNodes"]!.AsArray().Select(node => (string)node!["CustomerAvailabilityZone"]!)];
    }

    [Test]
    public async Task Modify_NotImmediately_WaitsInPendingModifiedValues()
    {
        await cache.CallAsync("CreateCacheCluster", Input(2).ToJsonString());
        await AvailableAsync();

        await cache.CallAsync("ModifyCacheCluster", """{"CacheClusterId":"c","NumCacheNodes":1,"CacheNodeIdsToRemove":["0002"]}""");

        var cluster = await ClusterAsync();
        Assert.That(cluster["PendingModifiedValues"]!.ToJsonString(), Is.EqualTo("""{"NumCacheNodes":1,"CacheNodeIdsToRemove":["0002"]}"""));
        Assert.That((int)cluster["NumCacheNodes"]!, Is.EqualTo(2));
    }

    [Test]
    public async Task ParameterGroup_Changed_IsAppliedByAReboot()
    {
        await cache.CallAsync("CreateCacheParameterGroup", """{"CacheParameterGroupName":"p","CacheParameterGroupFamily":"memcached1.6","Description":"d"}""");
        var input = Input(1);
        input["CacheParameterGroupName"] = "p";
        await cache.CallAsync("CreateCacheCluster", input.ToJsonString());
        await AvailableAsync();

        await cache.CallAsync("ModifyCacheParameterGroup", """{"CacheParameterGroupName":"p","ParameterNameValues":[{"ParameterName":"max_item_size","ParameterValue":"4194304"}]}""");
        var pending = await ClusterAsync();
        var before = engine.Running.Single().Parameters.Count;
        await cache.CallAsync("RebootCacheCluster", """{"CacheClusterId":"c","CacheNodeIdsToReboot":["0001"]}""");
        await AvailableAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before, Is.Zero);
            Assert.That(pending["CacheParameterGroup"]!["CacheNodeIdsToReboot"]!.ToJsonString(), Is.EqualTo("""["0001"]"""));
            Assert.That((string)pending["CacheParameterGroup"]!["ParameterApplyStatus"]!, Is.EqualTo("pending-reboot"));
            Assert.That(engine.Running.Single().Parameters["max_item_size"], Is.EqualTo("4194304"));
            Assert.That((string)(await ClusterAsync())["CacheParameterGroup"]!["ParameterApplyStatus"]!, Is.EqualTo("in-sync"));
            Assert.That(await cache.ErrorOfAsync("DeleteCacheParameterGroup", """{"CacheParameterGroupName":"p"}"""), Is.EqualTo("InvalidCacheParameterGroupState"));
        }
    }

    [TestCase("max_item_size", "1", "InvalidParameterValue")]
    [TestCase("config_max", "16", "InvalidParameterValue")]
    [TestCase("nothing", "1", "InvalidParameterValue")]
    [TestCase("max_item_size", "2.5", "InvalidParameterValue")]
    public async Task ParameterGroup_BadValue_IsRefused(string name, string value, string code)
    {
        await cache.CallAsync("CreateCacheParameterGroup", """{"CacheParameterGroupName":"p","CacheParameterGroupFamily":"memcached1.6","Description":"d"}""");

        var input = new JsonObject
        {
            ["CacheParameterGroupName"] = "p",
            ["ParameterNameValues"] = new JsonArray(new JsonObject { ["ParameterName"] = name, ["ParameterValue"] = value }),
        };
        Assert.That(await cache.ErrorOfAsync("ModifyCacheParameterGroup", input.ToJsonString()), Is.EqualTo(code));
    }

    [Test]
    public async Task DescribeCacheParameters_InPages_GivesEachOnceWithItsSource()
    {
        await cache.CallAsync("CreateCacheParameterGroup", """{"CacheParameterGroupName":"p","CacheParameterGroupFamily":"memcached1.6","Description":"d"}""");
        await cache.CallAsync("ModifyCacheParameterGroup", """{"CacheParameterGroupName":"p","ParameterNameValues":[{"ParameterName":"max_item_size","ParameterValue":"4194304"}]}""");

        var first = await cache.CallAsync("DescribeCacheParameters", """{"CacheParameterGroupName":"p","MaxRecords":20}""");
        var rest = await cache.CallAsync("DescribeCacheParameters", $$"""{"CacheParameterGroupName":"p","MaxRecords":20,"Marker":"{{first["Marker"]}}"}""");
        var user = await cache.CallAsync("DescribeCacheParameters", """{"CacheParameterGroupName":"p","Source":"user"}""");

        var names = first["Parameters"]!.AsArray().Concat(rest["Parameters"]!.AsArray()).Select(parameter => (string)parameter!["ParameterName"]!).ToList();
        Assert.That(names, Is.Unique.And.EquivalentTo(MemcachedParameters.All.Select(parameter => parameter.Name)));
        Assert.That(rest["Marker"], Is.Null);
        Assert.That(user["Parameters"]!.AsArray().Select(parameter => (string)parameter!["ParameterValue"]!), Is.EqualTo(new[] { "4194304" }));
    }

    [Test]
    public async Task SubnetGroup_InUse_IsNotDeleted()
    {
        await cache.CallAsync("CreateCacheSubnetGroup", """{"CacheSubnetGroupName":"g","CacheSubnetGroupDescription":"d","SubnetIds":["subnet-0a00000000000000a"]}""");
        var input = Input(1);
        input["CacheSubnetGroupName"] = "g";
        await cache.CallAsync("CreateCacheCluster", input.ToJsonString());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await cache.ErrorOfAsync("DeleteCacheSubnetGroup", """{"CacheSubnetGroupName":"g"}"""), Is.EqualTo("CacheSubnetGroupInUse"));
            Assert.That(await cache.ErrorOfAsync("ModifyCacheSubnetGroup", """{"CacheSubnetGroupName":"g","SubnetIds":["subnet-0b00000000000000b"]}"""), Is.EqualTo("SubnetInUse"));
            Assert.That(await cache.ErrorOfAsync("DescribeCacheSubnetGroups", """{"CacheSubnetGroupName":"no"}"""), Is.EqualTo("CacheSubnetGroupNotFoundFault"));
        }
    }

    [Test]
    public async Task Tags_OfACluster_AreListedAndRemoved()
    {
        var input = Input(1);
        input["Tags"] = new JsonArray(new JsonObject { ["Key"] = "Cluster", ["Value"] = "sync2" });
        await cache.CallAsync("CreateCacheCluster", input.ToJsonString());

        var listed = await cache.CallAsync("ListTagsForResource", $$"""{"ResourceName":"{{Arn}}"}""");
        var removed = await cache.CallAsync("RemoveTagsFromResource", $$"""{"ResourceName":"{{Arn}}","TagKeys":["Cluster"]}""");

        Assert.That(listed["TagList"]!.ToJsonString(), Is.EqualTo("""[{"Key":"Cluster","Value":"sync2"}]"""));
        Assert.That(removed["TagList"]!.AsArray(), Is.Empty);
        Assert.That(await cache.ErrorOfAsync("RemoveTagsFromResource", $$"""{"ResourceName":"{{Arn}}","TagKeys":["Cluster"]}"""), Is.EqualTo("TagNotFound"));
        Assert.That(await cache.ErrorOfAsync("ListTagsForResource", """{"ResourceName":"c"}"""), Is.EqualTo("InvalidARN"));
    }

    private ElastiCacheService NewService() => new(
        new CloudContext(directory, "us-east-1", "000000000000", new Uri("http://127.0.0.1:4599"), new TimeScale(1), time),
        engine, addresses, groups, NullLogger<ElastiCacheService>.Instance);

    private static JsonObject Input(int nodes) => new()
    {
        ["CacheClusterId"] = "c",
        ["Engine"] = "memcached",
        ["CacheNodeType"] = "cache.t3.micro",
        ["NumCacheNodes"] = nodes,
        ["Port"] = 21211,
        ["SecurityGroupIds"] = new JsonArray("sg-1"),
    };

    private async Task<JsonObject> ClusterAsync() =>
        (await cache.CallAsync("DescribeCacheClusters", """{"CacheClusterId":"c","ShowCacheNodeInfo":true}"""))["CacheClusters"]![0]!.AsObject();

    /// <summary>Lets AWS's time pass until the cluster is available.</summary>
    private Task AvailableAsync() => Eventually.TrueAsync(
        async () =>
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return (string)(await ClusterAsync())["CacheClusterStatus"]! == "available";
        },
        "the cluster becomes available");
}
