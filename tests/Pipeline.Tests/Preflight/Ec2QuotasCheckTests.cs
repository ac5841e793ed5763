using SyncStorage.Pipeline.Preflight;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Preflight;

public sealed class Ec2QuotasCheckTests
{
    private static readonly Dictionary<string, int> Cpus = new() { ["t3.small"] = 2, ["c5.large"] = 2, ["m5.xlarge"] = 4 };

    [TestCase(60, 60.0, 0)]
    [TestCase(61, 60.0, 1)]
    [TestCase(61, null, 0)]
    public void JudgeRules_MoreThanTheQuota_IsAProblem(int wanted, double? most, int problems) => Assert.That(Ec2QuotasCheck.JudgeRules(wanted, most), Has.Length.EqualTo(problems));

    /// <summary>Three webheads and a builder of two vCPUs each are eight; the rollout, which keeps the old ones, twelve.</summary>
    [TestCase(0, 12.0, false, false)]
    [TestCase(0, 11.0, false, true)]
    [TestCase(4, 12.0, false, true)]
    [TestCase(5, 12.0, true, false)]
    [TestCase(0, 7.0, true, false)]
    public void JudgeCpus_FleetOrRolloutDoesNotFit_IsAProblemOrANotice(int others, double most, bool isProblem, bool isNotice)
    {
        var (problem, notice) = Ec2QuotasCheck.JudgeCpus(Settings(), Cpus, others, most);

        Assert.That((problem is not null, notice is not null), Is.EqualTo((isProblem, isNotice)), $"{problem} {notice}");
    }

    [Test]
    public void JudgeCpus_OldOnesAreNotKept_ARolloutWantsItsSurgeOnly()
    {
        var settings = Settings() with { Rollout = new RolloutSettings { KeepOldUntilEnd = false } };

        var (problem, notice) = Ec2QuotasCheck.JudgeCpus(settings, Cpus, others: 0, most: 8);

        Assert.That((problem, notice), Is.EqualTo(((Problem?)null, (string?)null)));
    }

    [Test]
    public void JudgeCpus_NoQuotaIsTold_IsANotice()
    {
        var (problem, notice) = Ec2QuotasCheck.JudgeCpus(Settings(), Cpus, others: 0, most: null);

        Assert.That((problem, notice), Is.EqualTo(((Problem?)null, "quotas: how many vCPUs may run is not told")));
    }

    /// <summary>Besides the eight of the fleet and its builder: two token servers of two vCPUs, a dbnode of four.</summary>
    [TestCase(16.0, false, true)]
    [TestCase(15.0, true, false)]
    [TestCase(20.0, false, false)]
    public void JudgeCpus_TokenServersAndDbnodesOnEc2_CountToo(double most, bool isProblem, bool isNotice)
    {
        var (problem, notice) = Ec2QuotasCheck.JudgeCpus(Whole(), Cpus, others: 0, most);

        Assert.That((problem is not null, notice is not null), Is.EqualTo((isProblem, isNotice)), $"{problem} {notice}");
    }

    [Test]
    public void JudgeCpus_TypeWithAQuotaOfItsOwn_IsNotCounted()
    {
        var settings = Whole() with { Webheads = new WebheadSettings { Count = 100, InstanceType = "g5.xlarge" } };

        var (problem, notice) = Ec2QuotasCheck.JudgeCpus(settings, new Dictionary<string, int>(Cpus) { ["g5.xlarge"] = 4 }, others: 0, most: 14);

        Assert.That((problem, notice), Is.EqualTo(((Problem?)null, (string?)null)));
        Assert.That(Ec2QuotasCheck.Types(settings).Own, Is.EqualTo(["g5.xlarge"]));
    }

    [Test]
    public void Types_OfEveryRole_AreAskedFor() => Assert.That(Ec2QuotasCheck.Types(Whole()).Standard, Is.EquivalentTo(["t3.small", "c5.large", "m5.xlarge"]));

    private static EnvironmentSettings Whole() => Settings() with
    {
        TokenServer = new TokenServerSettings { Hostname = "token.localhost", Count = 2, InstanceType = "c5.large" },
        Dbnodes = [TestSettings.Node, TestSettings.Node with { Name = "db1", Backend = "ec2", InstanceClass = "db.m5.xlarge" }],
    };

    private static EnvironmentSettings Settings() => TestSettings.Local with { Webheads = new WebheadSettings { Count = 3 } };
}
