using Amazon.ElasticLoadBalancing;
using Amazon.ElasticLoadBalancing.Model;
using Amazon.Route53;
using Amazon.Route53.Model;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Tests.Elb;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Route53;

[Category(Categories.Emulator)]
internal sealed class Route53ServiceTests
{
    private const string LoadBalancerZone = "Z35SXDOTRQ7X7K";

    [Test]
    public async Task Zones_MadeAndDeleted_AreListedAsTheyAre()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        var names = Client(cloud);

        var made = await names.CreateHostedZoneAsync(new CreateHostedZoneRequest { Name = "Example.com", CallerReference = "1", HostedZoneConfig = new HostedZoneConfig { Comment = "ours" } });
        var id = made.HostedZone.Id.Split('/')[^1];
        await names.CreateHostedZoneAsync(new CreateHostedZoneRequest { Name = "example.com", CallerReference = "2" });
        await names.CreateHostedZoneAsync(new CreateHostedZoneRequest { Name = "a.example.com.", CallerReference = "3" });
        await names.CreateHostedZoneAsync(new CreateHostedZoneRequest { Name = "example.org", CallerReference = "4" });
        var twice = await RefusalAsync(() => names.CreateHostedZoneAsync(new CreateHostedZoneRequest { Name = "other.com", CallerReference = "1" }));
        var byName = await names.ListHostedZonesByNameAsync(new ListHostedZonesByNameRequest { DNSName = "example.com", MaxItems = "2" });
        var got = await names.GetHostedZoneAsync(new GetHostedZoneRequest { Id = id });
        await names.DeleteHostedZoneAsync(new DeleteHostedZoneRequest { Id = id });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(made.HostedZone.Id, Does.Match("^/hostedzone/Z[A-Z0-9]+$"));
            Assert.That(made.Location, Does.EndWith($"/2013-04-01/hostedzone/{id}"));
            Assert.That(made.DelegationSet.NameServers, Has.Count.EqualTo(4));
            Assert.That(twice, Is.EqualTo("HostedZoneAlreadyExists"));
            Assert.That(byName.HostedZones.Select(zone => zone.Name), Is.EqualTo(new[] { "example.com.", "example.com." }));
            Assert.That((byName.IsTruncated, byName.NextDNSName), Is.EqualTo((true, "a.example.com.")));
            Assert.That((got.HostedZone.Name, got.HostedZone.Config.Comment, got.HostedZone.ResourceRecordSetCount), Is.EqualTo(("example.com.", "ours", 2L)));
            Assert.That(await RefusalAsync(() => names.GetHostedZoneAsync(new GetHostedZoneRequest { Id = id })), Is.EqualTo("NoSuchHostedZone"));
            Assert.That((await names.ListHostedZonesAsync(new ListHostedZonesRequest())).HostedZones, Has.Count.EqualTo(3));
        }
    }

    [Test]
    public async Task Change_AfterItsTime_IsInSync()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var cloud = await LocalCloudFixture.StartAsync(timeScale: 1, time);
        var names = Client(cloud);
        var zone = await ZoneAsync(names);

        var change = (await ChangeAsync(names, zone, ("CREATE", Record("sync0.example.com", RRType.A, "192.0.2.1")))).ChangeInfo;
        async Task<ChangeStatus> StatusAsync() => (await names.GetChangeAsync(new GetChangeRequest { Id = change.Id.Split('/')[^1] })).ChangeInfo.Status;
        var before = await StatusAsync();
        var unknownYet = await DigAsync(cloud, "sync0.example.com");
        time.Advance(TimeSpan.FromSeconds(30));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((change.Status, before, await StatusAsync()), Is.EqualTo((ChangeStatus.PENDING, ChangeStatus.PENDING, ChangeStatus.INSYNC)));
            Assert.That((unknownYet.Result, (await DigAsync(cloud, "sync0.example.com")).Addresses), Is.EqualTo((5, new[] { "192.0.2.1" })), "the zone itself is new, too");
            Assert.That(await RefusalAsync(() => names.GetChangeAsync(new GetChangeRequest { Id = "CNONE" })), Is.EqualTo("NoSuchChange"));
        }
    }

    [Test]
    public async Task Records_InPages_AreSortedByTheirLabelsFromTheLast()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        var names = Client(cloud);
        var zone = await ZoneAsync(names);
        await ChangeAsync(names, zone, ("UPSERT", Record("b.example.com", RRType.A, "192.0.2.1")), ("UPSERT", Record("a.b.example.com", RRType.A, "192.0.2.1")),
            ("UPSERT", Record("*.example.com", RRType.TXT, "\"any\"")), ("UPSERT", Record("a.example.com", RRType.AAAA, "2001:db8::1")));

        var first = await names.ListResourceRecordSetsAsync(new ListResourceRecordSetsRequest { HostedZoneId = zone, MaxItems = "3" });
        var second = await names.ListResourceRecordSetsAsync(new ListResourceRecordSetsRequest { HostedZoneId = zone, StartRecordName = first.NextRecordName, StartRecordType = first.NextRecordType });

        Assert.That(
            first.ResourceRecordSets.Concat(second.ResourceRecordSets).Select(set => $"{set.Name} {set.Type}"),
            Is.EqualTo(new[] { "example.com. NS", "example.com. SOA", "\\052.example.com. TXT", "a.example.com. AAAA", "b.example.com. A", "a.b.example.com. A" }));
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case("Elsewhere", "not permitted in zone example.com.", ("CREATE", Record("sync0.example.org", RRType.A, "192.0.2.1")));
        yield return Case("There", "but it already exists", ("CREATE", Record("there.example.com", RRType.A, "192.0.2.9")));
        yield return Case("NotThere", "but it was not found", ("DELETE", Record("none.example.com", RRType.A, "192.0.2.9")));
        yield return Case("OtherValues", "do not match the current values", ("DELETE", Record("there.example.com", RRType.A, "192.0.2.9")));
        yield return Case("CnameBesideOthers", "conflicts with other records", ("CREATE", Record("there.example.com", RRType.CNAME, "a.example.org")));
        yield return Case("CnameOfTheZone", "not permitted at apex", ("CREATE", Record("example.com", RRType.CNAME, "a.example.org")));
        yield return Case("NoAddress", "not a valid IPv4 address", ("CREATE", Record("a.example.com", RRType.A, "192.0.2")));
        yield return Case("TextWithoutMarks", "enclosed in quotation marks", ("CREATE", Record("a.example.com", RRType.TXT, "text")));
        yield return Case("AliasToNobody", "that target was not found", ("CREATE", Alias("a.example.com", LoadBalancerZone, "none-1.us-east-1.elb.localhost")));
        yield return Case("AliasIntoAnotherZone", "does not lie within the target zone", ("CREATE", Alias("a.example.com", "ZOTHER", "none-1.us-east-1.elb.localhost")));
        yield return Case("SecondOfTwo", "not a valid IPv4 address", ("CREATE", Record("good.example.com", RRType.A, "192.0.2.1")), ("CREATE", Record("bad.example.com", RRType.A, "x")));

        static TestCaseData Case(string name, string says, params (string, ResourceRecordSet)[] changes) => new TestCaseData(says, changes).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Refused))]
    public async Task Batch_WithSomethingWrong_IsRefusedAsAWhole(string says, (string, ResourceRecordSet)[] changes)
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        var names = Client(cloud);
        var zone = await ZoneAsync(names);
        await ChangeAsync(names, zone, ("CREATE", Record("there.example.com", RRType.A, "192.0.2.1")));

        var refusal = (await Assert.CatchAsync<AmazonRoute53Exception>(() => ChangeAsync(names, zone, changes)))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal.ErrorCode, Is.EqualTo("InvalidChangeBatch"));
            Assert.That(refusal.Message, Does.Contain(says));
            Assert.That((await names.ListResourceRecordSetsAsync(new ListResourceRecordSetsRequest { HostedZoneId = zone })).ResourceRecordSets, Has.Count.EqualTo(3));
            Assert.That(await RefusalAsync(() => names.DeleteHostedZoneAsync(new DeleteHostedZoneRequest { Id = zone })), Is.EqualTo("HostedZoneNotEmpty"));
        }
    }

    [Test]
    public async Task Batch_ThatReplacesACnameByAnAlias_IsOneChange()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        var (names, balancer) = (Client(cloud), await BalancerAsync(cloud));
        var zone = await ZoneAsync(names);
        await ChangeAsync(names, zone, ("CREATE", Record("sync0.example.com", RRType.CNAME, balancer)));
        var byCname = await DigAsync(cloud, "sync0.example.com");

        await ChangeAsync(names, zone, ("UPSERT", Alias("sync0.example.com", LoadBalancerZone, $"dualstack.{balancer}")), ("DELETE", Record("sync0.example.com", RRType.CNAME, balancer)));

        var byAlias = await DigAsync(cloud, "sync0.example.com");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((byCname.Addresses, byCname.Answers), Is.EqualTo((new[] { "127.0.0.1" }, 2)), "the name's other name, and that one's address");
            Assert.That((byAlias.Addresses, byAlias.Answers), Is.EqualTo((new[] { "127.0.0.1" }, 1)));
        }
    }

    [Test]
    public async Task Alias_ToALoadBalancerWhoseNameIsBelowTheZonesToo_GoesByTheZoneThatItNames()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        var (names, balancer) = (Client(cloud), await BalancerAsync(cloud));
        var zone = (await names.CreateHostedZoneAsync(new CreateHostedZoneRequest { Name = "localhost", CallerReference = "1" })).HostedZone.Id.Split('/')[^1];

        await ChangeAsync(names, zone, ("CREATE", Alias("sync0.localhost", LoadBalancerZone, balancer)), ("CREATE", Record("a.localhost", RRType.A, "192.0.2.1")));
        await ChangeAsync(names, zone, ("CREATE", Alias("b.localhost", zone, "a.localhost")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((await DigAsync(cloud, "sync0.localhost")).Addresses, Is.EqualTo(new[] { "127.0.0.1" }));
            Assert.That((await DigAsync(cloud, balancer)).Addresses, Is.EqualTo(new[] { "127.0.0.1" }));
            Assert.That((await DigAsync(cloud, "b.localhost")).Addresses, Is.EqualTo(new[] { "192.0.2.1" }));
        }
    }

    [Test]
    public async Task NameServer_ByUdpAndTcp_AnswersForItsZonesAndLoadBalancersOnly()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        var (names, balancer) = (Client(cloud), await BalancerAsync(cloud));
        var zone = await ZoneAsync(names);
        var many = Record("many.example.com", RRType.A, [.. Enumerable.Range(1, 60).Select(number => $"192.0.2.{number}")]);
        await ChangeAsync(names, zone, ("UPSERT", many), ("UPSERT", Record("v6.example.com", RRType.AAAA, "2001:db8::1")), ("UPSERT", Record("*.wild.example.com", RRType.A, "192.0.2.200")),
            ("UPSERT", Record("a.b.example.com", RRType.A, "192.0.2.1")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((await DigAsync(cloud, balancer)).Addresses, Is.EqualTo(new[] { "127.0.0.1" }));
            Assert.That((await DigAsync(cloud, $"other-1.{balancer.Split('.', 2)[1]}")).Result, Is.EqualTo(3));
            Assert.That((await DigAsync(cloud, "MANY.example.com")).IsCut, Is.True, "sixty addresses are more than a datagram takes");
            Assert.That((await DigAsync(cloud, "MANY.example.com", byTcp: true)).Addresses, Has.Length.EqualTo(60));
            Assert.That((await DigAsync(cloud, "v6.example.com")).Addresses, Is.Empty);
            Assert.That((await DigAsync(cloud, "v6.example.com", type: 28)).Answers, Is.EqualTo(1));
            Assert.That((await DigAsync(cloud, "x.wild.example.com")).Addresses, Is.EqualTo(new[] { "192.0.2.200" }));
            Assert.That((await DigAsync(cloud, "b.example.com")).Result, Is.Zero, "there is something below it");
            Assert.That((await DigAsync(cloud, "none.example.com")).Result, Is.EqualTo(3));
            Assert.That((await DigAsync(cloud, "example.org")).Result, Is.EqualTo(5));
            Assert.That(await SendRawAsync(cloud, [1, 2, 3]), Is.Null, "what is no question gets no answer");
        }
    }

    [Test]
    public async Task NameServer_AfterARestart_IsWhereItWasAndKnowsTheSame()
    {
        await using var cloud = await LocalCloudFixture.StartAsync();
        var names = Client(cloud);
        await ChangeAsync(names, await ZoneAsync(names), ("CREATE", Record("sync0.example.com", RRType.A, "192.0.2.1")));
        var before = NameServerOf(cloud);

        await cloud.RestartAsync(keepProcesses: true);

        Assert.That((NameServerOf(cloud), (await DigAsync(cloud, "sync0.example.com")).Addresses), Is.EqualTo((before, new[] { "192.0.2.1" })));
    }

    private static AmazonRoute53Client Client(LocalCloudFixture cloud) => cloud.Own(new AmazonRoute53Client(cloud.Credentials, cloud.Configure(new AmazonRoute53Config())));

    private static async Task<string> ZoneAsync(AmazonRoute53Client names) =>
        (await names.CreateHostedZoneAsync(new CreateHostedZoneRequest { Name = "example.com", CallerReference = "1" })).HostedZone.Id.Split('/')[^1];

    private static Task<ChangeResourceRecordSetsResponse> ChangeAsync(AmazonRoute53Client names, string zone, params (string Action, ResourceRecordSet Set)[] changes) =>
        names.ChangeResourceRecordSetsAsync(new ChangeResourceRecordSetsRequest
        {
            HostedZoneId = zone,
            ChangeBatch = new ChangeBatch { Changes = [.. changes.Select(change => new Change { Action = change.Action, ResourceRecordSet = change.Set })] },
        });

    private static ResourceRecordSet Record(string name, RRType type, params string[] values) =>
        new() { Name = name, Type = type, TTL = 300, ResourceRecords = [.. values.Select(value => new ResourceRecord { Value = value })] };

    private static ResourceRecordSet Alias(string name, string zone, string target) =>
        new() { Name = name, Type = RRType.A, AliasTarget = new AliasTarget { HostedZoneId = zone, DNSName = target, EvaluateTargetHealth = true } };

    private static async Task<string> BalancerAsync(LocalCloudFixture cloud)
    {
        var elb = cloud.Own(new AmazonElasticLoadBalancingClient(cloud.Credentials, cloud.Configure(new AmazonElasticLoadBalancingConfig())));
        return (await elb.CreateLoadBalancerAsync(new CreateLoadBalancerRequest
        {
            LoadBalancerName = "sync2-lb",
            Subnets = [.. CloudContext.SubnetIds],
            Listeners = [new Listener { Protocol = "HTTP", LoadBalancerPort = ElbHarness.FreePort(), InstanceProtocol = "HTTP", InstancePort = 8000 }],
        })).DNSName;
    }

    private static async Task<string> RefusalAsync(Func<Task> call) => (await Assert.CatchAsync<AmazonRoute53Exception>(call))!.ErrorCode;

    private static string NameServerOf(LocalCloudFixture cloud) => Lookup.NameServerOf(cloud);

    private static Task<Lookup> DigAsync(LocalCloudFixture cloud, string name, bool byTcp = false, ushort type = 1) => Lookup.AskAsync(cloud, name, type, byTcp);

    private static Task<byte[]?> SendRawAsync(LocalCloudFixture cloud, byte[] message) => Lookup.SendAsync(cloud, message);
}
