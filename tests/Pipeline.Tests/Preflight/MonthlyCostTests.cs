using System.Text;
using SyncStorage.Pipeline.Preflight;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Preflight;

public sealed class MonthlyCostTests
{
    private const string Small = """
        {
          "cluster": "sync2", "aws": { "accountId": "123456789012", "region": "us-east-1" }, "webheads": { "count": 2 },
          "dbnodes": [ { "name": "db0", "storageGiB": 100, "hosts": [ { "hostname": "a.example.com", "database": "a" } ] } ]
        }
        """;

    [Test]
    public void Of_SmallCluster_IsTheSumOfItsParts()
    {
        // 2 × (0.0208 × 730 + 8 × 0.08), 0.034 × 730 + 100 × 0.115, 0.034 × 730, 0.025 × 730
        const decimal Expected = 31.648m + 36.32m + 24.82m + 18.25m;

        var cost = MonthlyCost.Of(Settings());

        Assert.That(cost.Dollars, Is.EqualTo(Expected));
        Assert.That(cost.Parts, Is.EqualTo((string[])["webheads $32", "databases $36", "cache $25", "load balancer $18"]));
        Assert.That(cost.Unknown, Is.Empty);
        Assert.That(cost.Source, Does.Match("us-east-1, 20[0-9]{2}-[0-9]{2}"));
    }

    [Test]
    public void Of_DatabaseWithStandby_CostsTwice() =>
        Assert.That(MonthlyCost.Of(Settings("dbnodes[0].multiAz=true")).Dollars - MonthlyCost.Of(Settings()).Dollars, Is.EqualTo(36.32m));

    [Test]
    public void Of_TypeWithoutAPrice_SaysWhich() =>
        Assert.That(MonthlyCost.Of(Settings("webheads.instanceType=z9.large")).Unknown, Is.EqualTo((string[])["z9.large"]));

    private static EnvironmentSettings Settings(params string[] overrides)
    {
        var settings = SettingsLoader.Parse(Encoding.UTF8.GetBytes(Small), overrides, out var errors);
        Assert.That(errors, Is.Empty);
        return settings!;
    }
}
