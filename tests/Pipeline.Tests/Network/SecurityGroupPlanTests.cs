using Amazon.EC2.Model;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Network;

public sealed class SecurityGroupPlanTests
{
    private static readonly IReadOnlyList<DesiredGroup> Desired = SecurityGroupPlan.Desired(TestSettings.Local, TestSettings.Names);

    [Test]
    public void Desired_Local_OnlyTheLoadBalancerIsOpenAndOnlyGroupsLeadOn()
    {
        var rules = Desired.ToDictionary(group => group.Name, group => string.Join("; ", group.Ingress));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rules["sync2-sg-lb"], Is.EqualTo("tcp 8080 from 127.0.0.0/8"));
            Assert.That(rules["sync2-sg-web"], Is.EqualTo("tcp 8000 from sync2-sg-lb"));
            Assert.That(rules["sync2-sg-build"], Is.Empty);
            Assert.That(rules["sync2-sg-db"], Is.EqualTo("tcp 3306 from sync2-sg-web"));
            Assert.That(rules["sync2-sg-cache"], Is.EqualTo("tcp 11211 from sync2-sg-web"));
        }
    }

    [TestCase("redirect", ExpectedResult = "tcp 443 from 127.0.0.0/8; tcp 80 from 127.0.0.0/8")]
    [TestCase("refuse", ExpectedResult = "tcp 443 from 127.0.0.0/8")]
    public string Desired_Https_AdmitsPlainHttpOnlyWhereItIsRedirected(string plainHttp)
    {
        var settings = TestSettings.Local with { LoadBalancer = new LoadBalancerSettings { Port = 443, Https = new HttpsSettings { PlainHttp = plainHttp } } };

        return string.Join("; ", SecurityGroupPlan.Desired(settings, TestSettings.Names).Single(group => group.Name == "sync2-sg-lb").Ingress);
    }

    [Test]
    public void Compare_NothingThere_CreatesEveryGroupWithItsRules()
    {
        var changes = SecurityGroupPlan.Compare(Desired, [], "sync2");

        Assert.That(changes.Select(change => change.GroupId), Is.All.Null);
        Assert.That(changes.SelectMany(change => change.Describe()).Count(), Is.EqualTo(5 + 4), "five groups and four rules");
    }

    [Test]
    public void Compare_AsWanted_NeedsNothing()
    {
        var changes = SecurityGroupPlan.Compare(Desired, Observed(), "sync2");

        Assert.That(changes.Where(change => change.IsNeeded), Is.Empty);
    }

    [Test]
    public void Compare_RuleOpenedByHand_IsRevokedAndOnlyThat()
    {
        var observed = Observed();
        observed.Single(group => group.GroupName == "sync2-sg-db").IpPermissions.Add(
            new IpPermission { IpProtocol = "tcp", FromPort = 3306, ToPort = 3306, Ipv4Ranges = [new IpRange { CidrIp = "0.0.0.0/0" }] });

        var change = SecurityGroupPlan.Compare(Desired, observed, "sync2").Single(change => change.IsNeeded);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(change.Group.Name, Is.EqualTo("sync2-sg-db"));
            Assert.That(change.Authorize, Is.Empty);
            Assert.That(change.Revoke.Select(rule => rule.ToString()), Is.EqualTo(["tcp 3306 from 0.0.0.0/0"]));
        }
    }

    [Test]
    public void Compare_RuleRemovedByHand_IsPutBack()
    {
        var observed = Observed();
        observed.Single(group => group.GroupName == "sync2-sg-web").IpPermissions = null;

        var change = SecurityGroupPlan.Compare(Desired, observed, "sync2").Single(change => change.IsNeeded);

        Assert.That(change.Authorize.Select(rule => rule.ToString()), Is.EqualTo(["tcp 8000 from sync2-sg-lb"]));
    }

    [Test]
    public void Compare_GroupOfSomebodyElse_IsRefused()
    {
        var observed = Observed();
        observed[0].Tags = [new Tag("Product", "something")];

        var error = Assert.Throws<PipelineException>(() => SecurityGroupPlan.Compare(Desired, observed, "sync2"));

        Assert.That(error!.Code, Is.EqualTo(ErrorCode.NotOurs));
    }

    private static List<SecurityGroup> Observed()
    {
        var ids = Desired.Select((group, index) => (group.Name, Id: $"sg-{index}")).ToDictionary(pair => pair.Name, pair => pair.Id);
        return [.. Desired.Select(group => new SecurityGroup
        {
            GroupName = group.Name,
            GroupId = ids[group.Name],
            Tags = [new Tag("Product", "syncstorage"), new Tag("Cluster", "sync2"), new Tag("Role", group.Role), new Tag("Name", group.Name)],
            IpPermissions = [.. group.Ingress.Select(rule => new IpPermission
            {
                IpProtocol = rule.Protocol,
                FromPort = rule.FromPort,
                ToPort = rule.ToPort,
                Ipv4Ranges = ids.ContainsKey(rule.Peer) ? null : [new IpRange { CidrIp = rule.Peer }],
                UserIdGroupPairs = ids.TryGetValue(rule.Peer, out var id) ? [new UserIdGroupPair { GroupId = id }] : null,
            })],
        })];
    }
}
