using SyncStorage.Pipeline.Network;
using SyncStorage.Pipeline.Preflight;

namespace SyncStorage.Pipeline.Tests.Preflight;

public sealed class OfferingsCheckTests
{
    private static readonly ClusterNetwork Network = new("vpc-1", [new("us-east-1a", "subnet-a"), new("us-east-1b", "subnet-b"), new("us-east-1e", "subnet-e")]);

    [Test]
    public void Problems_EveryZoneHasThem_AreNone() =>
        Assert.That(OfferingsCheck.Problems(["t3.small"], Offered("t3.small", "a", "b", "e"), Network), Is.Empty);

    [Test]
    public void Problems_OneOldZone_SayWhichSubnetsToName()
    {
        var problems = OfferingsCheck.Problems(["t3.small", "m1.small"], Offered("t3.small", "a", "b").Union(Offered("m1.small", "a", "b", "e")).ToHashSet(), Network);

        Assert.That(problems, Is.EqualTo(new[]
        {
            new Problem("The instance type t3.small can't be had in us-east-1e.", "Choose another, or leave such zones out: \"network\": { \"subnetIds\": [\"subnet-a\", \"subnet-b\"] }."),
        }));
    }

    [Test]
    public void Problems_TooFewZonesAreLeft_NameNone()
    {
        var problems = OfferingsCheck.Problems(["t3.small"], Offered("t3.small", "a"), Network).ToList();

        Assert.That(problems.Single().Next, Does.StartWith("Choose another").And.Not.Contain("subnet-a"));
    }

    private static HashSet<(string Type, string Zone)> Offered(string type, params string[] zones) => [.. zones.Select(zone => (type, $"us-east-1{zone}"))];
}
