using SyncStorage.Pipeline.Preflight;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Preflight;

public sealed class Ec2QuotasCheckTests
{
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
        var (problem, notice) = Ec2QuotasCheck.JudgeCpus(Settings(), each: 2, builder: 2, others, most);

        Assert.That((problem is not null, notice is not null), Is.EqualTo((isProblem, isNotice)), $"{problem} {notice}");
    }

    [Test]
    public void JudgeCpus_OldOnesAreNotKept_ARolloutWantsItsSurgeOnly()
    {
        var settings = Settings() with { Rollout = new RolloutSettings { KeepOldUntilEnd = false } };

        var (problem, notice) = Ec2QuotasCheck.JudgeCpus(settings, each: 2, builder: 2, others: 0, most: 8);

        Assert.That((problem, notice), Is.EqualTo(((Problem?)null, (string?)null)));
    }

    [Test]
    public void JudgeCpus_NoQuotaIsTold_IsANotice()
    {
        var (problem, notice) = Ec2QuotasCheck.JudgeCpus(Settings(), each: 2, builder: 2, others: 0, most: null);

        Assert.That((problem, notice), Is.EqualTo(((Problem?)null, "quotas: how many vCPUs may run is not told")));
    }

    private static EnvironmentSettings Settings() => TestSettings.Local with { Webheads = new WebheadSettings { Count = 3 } };
}
