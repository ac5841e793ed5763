using Amazon.Route53;
using Amazon.Route53.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Dns;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Aws;

namespace SyncStorage.Pipeline.Tests.Dns;

public sealed class DnsStageTests
{
    private const string Mark = "\"product=syncstorage,cluster=sync2\"";
    private static readonly string[] ReadsOnce = ["ListHostedZonesByName", "ListResourceRecordSets"];
    private static readonly EnvironmentSettings Named = TestSettings.Local with { Dns = new DnsSettings { Zone = "localhost" } };

    private readonly JumpingTime time = new();
    private readonly RecordingProgress progress = new();
    private readonly FakeRoute53 cloud = new();
    private readonly FakeResolver resolver = new();

    [Test]
    public async Task RunAsync_WithoutDnsInTheSettings_CallsNobody()
    {
        await RunAsync(TestSettings.Local);
        var plan = await Stage(TestSettings.Local).PlanAsync(CancellationToken.None);

        Assert.That((cloud.Calls, plan), Is.EqualTo((Array.Empty<string>(), Array.Empty<PlannedChange>())));
    }

    [Test]
    public async Task RunAsync_NamesWithoutRecords_GetAnAliasAndAMarkEachInOneBatchAndAreWaitedFor()
    {
        cloud.PendingFor = 2;

        await RunAsync(Named);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cloud.Texts, Is.EqualTo(Wanted()));
            Assert.That(cloud.Records.Where(set => set.Type == RRType.A).Select(set => (set.AliasTarget.HostedZoneId, set.AliasTarget.EvaluateTargetHealth)), Is.All.EqualTo((FakeRoute53.BalancerZone, true)));
            Assert.That(cloud.Batches, Has.Count.EqualTo(1));
            Assert.That(cloud.Calls.Count(call => call == "GetChange"), Is.EqualTo(3));
            Assert.That(progress.Lines, Has.Some.EqualTo($"+ sync0.localhost: address alias to {cloud.Balancer}, owner {Mark}").And.Some.StartsWith("= 2 names resolve"));
        }
    }

    [Test]
    public async Task RunAsync_Twice_LooksOnlyAndTellsPlanTheSame()
    {
        await RunAsync(Named);
        var before = cloud.Calls.Count;

        await RunAsync(Named);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(cloud.Calls.Skip(before), Is.EqualTo(ReadsOnce));
            Assert.That(await Stage(Named).PlanAsync(CancellationToken.None), Is.Empty);
        }
    }

    [Test]
    public async Task PlanAsync_BeforeThereIsALoadBalancer_SaysWhatWillLeadWhere()
    {
        cloud.Balancer = null;

        var plan = await Stage(Named).PlanAsync(CancellationToken.None);

        Assert.That(plan.Select(change => $"{change}"), Does.Contain("create DNS name sync0.localhost: address alias to the load balancer"));
    }

    [TestCase("A", "198.51.100.7")]
    [TestCase("AAAA", "2001:db8::7")]
    [TestCase("CNAME", "other.example.com")]
    public async Task RunAsync_NameLeadsElsewhere_IsRefusedAndTakenOverOnlyWithApproval(string type, string value)
    {
        cloud.Add("sync1.localhost", type, value);

        var refusal = (await Assert.CatchAsync<PipelineException>(() => RunAsync(Named)))!;
        var plan = await Stage(Named).PlanAsync(CancellationToken.None);
        var untouched = cloud.Batches.Count;
        await RunAsync(Named, approve: "sync2");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((refusal.Code, untouched), Is.EqualTo((ErrorCode.ForeignRecord, 0)));
            Assert.That(refusal.LastSeen, Is.EqualTo($"sync1.localhost: {type} {value}"));
            Assert.That(refusal.Hint, Does.Contain("--approve=sync2"));
            Assert.That(plan.Where(change => change.Note is not null).Select(change => change.Resource).Distinct(), Is.EqualTo(new[] { "DNS name sync1.localhost" }));
            Assert.That(cloud.Texts, Is.EqualTo(Wanted()));
        }
    }

    [Test]
    public async Task RunAsync_AnotherClustersName_IsSaidToBeThat()
    {
        cloud.Add("sync0.localhost", RRType.A, "198.51.100.7");
        cloud.Add("_syncstorage.sync0.localhost", RRType.TXT, "\"product=syncstorage,cluster=sync1\"");

        var refusal = (await Assert.CatchAsync<PipelineException>(() => RunAsync(Named)))!;
        await RunAsync(Named, approve: "sync2");

        Assert.That(refusal.LastSeen, Does.Contain("cluster=sync1"));
        Assert.That(cloud.Texts, Is.EqualTo(Wanted()));
    }

    [Test]
    public async Task RunAsync_CnameToOurLoadBalancer_IsAdoptedWithoutApproval()
    {
        cloud.Add("sync0.localhost", RRType.CNAME, $"{cloud.Balancer!.ToUpperInvariant()}.");

        await RunAsync(Named);

        Assert.That(cloud.Texts, Is.EqualTo(Wanted()));
    }

    [Test]
    public async Task RunAsync_RecordsWithARoutingPolicy_GoBeforeOursCome()
    {
        cloud.Add("sync0.localhost", RRType.A, "198.51.100.7", "blue");
        cloud.Add("sync0.localhost", RRType.A, "198.51.100.8", "green");

        await RunAsync(Named, approve: "sync2");

        Assert.That(cloud.Texts, Is.EqualTo(Wanted()));
    }

    [Test]
    public async Task RunAsync_TheLoadBalancerIsAnother_OursFollow()
    {
        await RunAsync(Named);
        cloud.Balancer = "sync2-lb-999.us-east-1.elb.amazonaws.com";

        await RunAsync(Named);

        Assert.That(cloud.Texts, Is.EqualTo(Wanted()));
    }

    [Test]
    public async Task RunAsync_OtherRecords_AreLeftAlone()
    {
        cloud.Add("localhost", RRType.MX, "10 mail.localhost.");
        cloud.Add("sync0.localhost", RRType.TXT, "\"somebody's\"");
        cloud.Add("www.localhost", RRType.A, "198.51.100.9");

        await RunAsync(Named);

        Assert.That(cloud.Texts, Is.SupersetOf(Wanted().Concat(["localhost MX 10 mail.localhost.", "sync0.localhost TXT \"somebody's\"", "www.localhost A 198.51.100.9"])));
    }

    [Test]
    public async Task RunAsync_AnswerIsLostAndTheSecondIsARefusal_ConvergesByASecondLook()
    {
        cloud.Add("sync0.localhost", RRType.CNAME, cloud.Balancer!);
        cloud.LosesFirstAnswer = true;

        await RunAsync(Named);

        Assert.That(cloud.Texts, Is.EqualTo(Wanted()));
        Assert.That(progress.Lines, Has.Some.StartsWith("! the zone localhost is not as it was"));
    }

    [Test]
    public async Task RunAsync_LongZoneInPages_IsReadFromTheFirstNameToTheLast()
    {
        for (var i = 0; i < 20; i++) cloud.Add($"a{i}.localhost", RRType.A, "198.51.100.9");
        for (var i = 0; i < 20; i++) cloud.Add($"z{i}.localhost", RRType.A, "198.51.100.9");
        cloud.PageSize = 3;
        await RunAsync(Named);
        var before = cloud.Calls.Count;

        await RunAsync(Named);

        Assert.That(cloud.Calls.Skip(before).Count(call => call == "ListResourceRecordSets"), Is.EqualTo(2), "four records in pages of three, and none of the forty others'");
        Assert.That(cloud.Texts, Is.SupersetOf(Wanted()));
    }

    [Test]
    public async Task RunAsync_NamesThatNeverResolve_AreNamedWithWhatTheyResolveTo()
    {
        resolver.UnknownFor["sync0.localhost"] = int.MaxValue;
        resolver.Elsewhere["sync1.localhost"] = "198.51.100.7";

        var refusal = (await Assert.CatchAsync<PipelineException>(() => RunAsync(Named)))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal.Code, Is.EqualTo(ErrorCode.NameNotResolved));
            Assert.That(refusal.LastSeen, Is.EqualTo("sync0.localhost: no such name\nsync1.localhost: 198.51.100.7, which is not the load balancer (192.0.2.1)"));
            Assert.That(time.GetUtcNow() - DateTimeOffset.UnixEpoch, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(300)));
        }
    }

    [Test]
    public async Task RunAsync_NamesThatResolveAfterAWhile_AreWaitedFor()
    {
        resolver.UnknownFor["sync0.localhost"] = 5;

        await RunAsync(Named);

        Assert.That(progress.Lines, Has.Some.Contains("sync0.localhost: no such name"));
    }

    [Test]
    public async Task RunAsync_NoSuchZone_SaysHowToMakeIt()
    {
        var byName = (await Assert.CatchAsync<PipelineException>(() => RunAsync(TestSettings.Local with { Dns = new DnsSettings { Zone = "host" } })))!;
        var byId = (await Assert.CatchAsync<PipelineException>(() => RunAsync(TestSettings.Local with { Dns = new DnsSettings { Zone = "ZOTHER" } })))!;

        Assert.That((byName.Code, byId.Code), Is.EqualTo((ErrorCode.NoHostedZone, ErrorCode.NoHostedZone)));
        Assert.That(byName.Hint, Does.Contain("create-hosted-zone --name host"));
    }

    [Test]
    public async Task RunAsync_TwoZonesOfTheName_AskForTheId()
    {
        cloud.Zones.Add(new HostedZone { Id = "/hostedzone/ZSECOND", Name = "localhost.", Config = new HostedZoneConfig() });
        cloud.Zones.Add(new HostedZone { Id = "/hostedzone/ZPRIVATE", Name = "localhost.", Config = new HostedZoneConfig { PrivateZone = true } });

        var refusal = (await Assert.CatchAsync<PipelineException>(() => RunAsync(Named)))!;
        await RunAsync(TestSettings.Local with { Dns = new DnsSettings { Zone = "ZLOCALHOST" } });

        Assert.That((refusal.Code, refusal.LastSeen), Is.EqualTo((ErrorCode.NoHostedZone, "ZLOCALHOST\nZSECOND")));
        Assert.That(cloud.Texts, Is.EqualTo(Wanted()));
    }

    [Test]
    public async Task RunAsync_ZoneByIdOfAnotherDomain_NamesTheHostnamesThatAreNotInIt()
    {
        cloud.Zones.Add(new HostedZone { Id = "/hostedzone/ZEXAMPLE", Name = "example.com." });

        var refusal = (await Assert.CatchAsync<PipelineException>(() => RunAsync(TestSettings.Local with { Dns = new DnsSettings { Zone = "ZEXAMPLE" } })))!;

        Assert.That((refusal.Code, refusal.LastSeen), Is.EqualTo((ErrorCode.NoHostedZone, "sync0.localhost\nsync1.localhost")));
    }

    [Test]
    public async Task Removal_OfAll_TakesOursAndTheZoneThatWasMadeHere()
    {
        cloud.Zones.Clear();
        var local = Named with { LocalCloud = new LocalCloudSettings() };
        await RunAsync(local);

        await Removal(local).RunAsync(CancellationToken.None);

        Assert.That((cloud.Records, cloud.Zones), Is.EqualTo((Array.Empty<ResourceRecordSet>(), Array.Empty<HostedZone>())));
    }

    [Test]
    public async Task Removal_NameThatLeadsElsewhereSince_StaysAndTheMarkGoes()
    {
        await RunAsync(Named);
        cloud.Records.RemoveAll(set => set.Type == RRType.A && set.Name.StartsWith("sync0", StringComparison.Ordinal));
        cloud.Add("sync0.localhost", RRType.A, "198.51.100.7");
        cloud.Balancer = null;

        await Removal(Named).RunAsync(CancellationToken.None);

        Assert.That(cloud.Texts, Is.EqualTo(new[] { "sync0.localhost A 198.51.100.7" }));
        Assert.That(progress.Lines, Has.Some.EqualTo("! sync0.localhost A 198.51.100.7 leads elsewhere, and stays"));
    }

    [Test]
    public async Task Leftovers_NamesThatLeftTheSettings_AreOursByTheirMarkAlone()
    {
        await RunAsync(Named with { Dbnodes = [TestSettings.Node with { Hosts = [.. TestSettings.Node.Hosts, new VirtualHostSettings { Hostname = "sync9.localhost", Database = "syncstorage9" }] }] });
        cloud.Add("sync8.localhost", RRType.A, "198.51.100.7");

        var left = await Removal(Named).LeftoversAsync(CancellationToken.None);
        await Removal(Named).RemoveAsync(left, CancellationToken.None);

        Assert.That(left, Is.EqualTo(new[] { "sync9.localhost" }));
        Assert.That(cloud.Texts, Is.EqualTo(Wanted().Append("sync8.localhost A 198.51.100.7").Order(StringComparer.Ordinal)));
    }

    private IEnumerable<string> Wanted() => new[] { "sync0.localhost", "sync1.localhost" }
        .SelectMany(name => new[] { $"{name} A {cloud.Balancer}", $"_syncstorage.{name} TXT {Mark}" }).Order(StringComparer.Ordinal);

    private Task RunAsync(EnvironmentSettings settings, string? approve = null) => Stage(settings, approve).RunAsync(CancellationToken.None);

    private DnsRemoval Removal(EnvironmentSettings settings) => new(settings, TestSettings.Names, Zones(settings), progress);

    private HostedZones Zones(EnvironmentSettings settings) => new(cloud, settings, TestSettings.Names, Options(null), new Waiter(time, progress));

    private DnsStage Stage(EnvironmentSettings settings, string? approve = null)
    {
        var observation = new Observation(cloud, settings, TestSettings.Names);
        return new DnsStage(
            settings, TestSettings.Names, Zones(settings), observation, new NameCheck(settings, observation, resolver, new Waiter(time, progress), progress), Options(approve), progress);
    }

    private static RunOptions Options(string? approve) => new() { RepositoryRoot = "/", Approve = approve };
}
