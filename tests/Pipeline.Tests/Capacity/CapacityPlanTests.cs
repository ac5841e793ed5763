using SyncStorage.Pipeline.Capacity;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Database;

namespace SyncStorage.Pipeline.Tests.Capacity;

public sealed class CapacityPlanTests
{
    private const long GiB = 1L << 30;
    private static readonly DateTimeOffset Today = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly EnvironmentSettings Two = TestSettings.Local with
    {
        Dbnodes = [HostnameChangesTests.Node("db0", ("a.example.com", "s0")), HostnameChangesTests.Node("db1", ("b.example.com", "s0"))],
        Capacity = new CapacitySettings { UsersPerNode = 1000, StorageShare = 0.5, StatementsPerSecond = 100, LeadDays = 30 },
    };

    [Test]
    public void Of_UsersGrow_NextNodeIsDueThatLongBeforeAllAreFull()
    {
        // 1500 of 2000, 10 more a day: full in 50 days.
        var plan = CapacityPlan.Of(Two, Days(10, day => (Node(users: 700 + 5 * day), Node(users: 700 + 5 * day))));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.First!.What, Is.EqualTo("users"));
            Assert.That(plan.First.PerDay, Is.EqualTo(10).Within(1e-9));
            Assert.That(plan.First.FullAt, Is.EqualTo(Today.AddDays(50)).Within(TimeSpan.FromMinutes(1)));
            Assert.That(plan.NextNodeDue, Is.EqualTo(Today.AddDays(20)).Within(TimeSpan.FromMinutes(1)));
            Assert.That(CapacityTable.Conclusion(plan, Two.Capacity), Does.StartWith("The next dbnode is due on 2026-03-21: users"));
        }
    }

    [Test]
    public void Of_NodeOutOfAssignment_ItsRoomDoesNotCount()
    {
        var settings = Two with { Dbnodes = [Two.Dbnodes[0], Two.Dbnodes[1] with { Assign = false }] };

        var plan = CapacityPlan.Of(settings, Days(10, day => (Node(users: 850 + 5 * day), Node(users: 10))));

        Assert.That((plan.Measures[0].Limit, plan.First!.FullAt!.Value.Date), Is.EqualTo((1000d, Today.AddDays(20).Date)));
        Assert.That(CapacityTable.Conclusion(plan, settings.Capacity), Does.Contain("due now").And.Contain("in less than capacity.leadDays (30)"));
    }

    [Test]
    public void Of_StorageOfOneNodeGrows_TellsWhenThatIsFull()
    {
        var plan = CapacityPlan.Of(Two, Days(10, day => (Node(bytes: (20 + day) * GiB), Node(bytes: GiB))));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.Nodes[0].StorageFullAt, Is.EqualTo(Today.AddDays(20)).Within(TimeSpan.FromMinutes(1)), "half of 100 GiB");
            Assert.That(plan.Nodes[1].StorageFullAt, Is.Null);
            Assert.That(plan.Steps.Single(step => step.Setting == "dbnodes[0].storageGiB: 150").DollarsAMonth, Is.EqualTo(50 * 0.115m));
        }
    }

    [Test]
    public void Of_Load_IsWhatWasDoneBetweenLooksAlsoAfterARestart()
    {
        var samples = new CapacitySamples(
        [
            Sample(Today.AddDays(-1), Node(statements: 1000, uptime: 100), Node(statements: 5000, uptime: 1000)),
            Sample(Today, Node(statements: 4000, uptime: 200), Node(statements: 600, uptime: 60)),
        ]);

        Assert.That(CapacityPlan.Of(Two, samples).Nodes.Select(node => node.StatementsPerSecond), Is.EqualTo([30d, 10d]));
    }

    [Test]
    public void Of_OneLook_CanTellNoTrend()
    {
        var plan = CapacityPlan.Of(Two, new CapacitySamples([Sample(Today, Node(users: 10), Node(users: 10))]));

        Assert.That((plan.NextNodeDue, plan.TrendUnknown), Is.EqualTo(((DateTimeOffset?)null, true)));
        Assert.That(CapacityTable.Conclusion(plan, Two.Capacity), Does.Contain("too little was seen"));
    }

    [Test]
    public void Of_OneNodeCouldNotBeAsked_DoesNotLookAsIfUsersHadLeft()
    {
        var days = Days(10, day => (Node(users: 100 + day), Node(users: 100 + day)));
        var partly = days.Samples[5] with { Nodes = new Dictionary<string, NodeUsage> { ["db0"] = days.Samples[5].Nodes["db0"] } };

        var plan = CapacityPlan.Of(Two, days with { Samples = [.. days.Samples.Take(5), partly, .. days.Samples.Skip(6)] });

        Assert.That(plan.Measures[0].PerDay, Is.EqualTo(2).Within(1e-9));
    }

    [TestCase("db.t3.small", "db.t3.medium")]
    [TestCase("db.m6g.xlarge", null)]
    [TestCase("db.r99.huge", null)]
    public void Larger_Class_IsTheNextThatHasAPrice(string instanceClass, string? larger) => Assert.That(CapacitySteps.Larger(instanceClass), Is.EqualTo(larger));

    [Test]
    public void With_LooksOfYears_KeepsFewerTheOlderTheyAre()
    {
        var samples = new CapacitySamples([]);
        for (var hour = 24 * 800; hour >= 0; hour--) samples = samples.With(Sample(Today.AddHours(-hour), Node(), Node()));
        samples = samples.With(Sample(Today.AddMinutes(5), Node(users: 9), Node()));

        var ages = samples.Samples.Select(sample => Today.AddMinutes(5) - sample.At).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(samples.Samples, Has.Count.LessThan(50 + 95 + 110));
            Assert.That(ages.Max().TotalDays, Is.GreaterThan(780));
            Assert.That(ages, Is.Ordered.Descending);
            Assert.That(samples.Samples[^1].Nodes["db0"].Users, Is.EqualTo(9), "the newest of the hour counts");
        }
    }

    private static CapacitySamples Days(int count, Func<int, (NodeUsage First, NodeUsage Second)> at) =>
        new([.. Enumerable.Range(0, count + 1).Select(day => Sample(Today.AddDays(day - count), at(day).First, at(day).Second))]);

    private static CapacitySample Sample(DateTimeOffset at, NodeUsage first, NodeUsage second) => new(at, new Dictionary<string, NodeUsage> { ["db0"] = first, ["db1"] = second });

    private static NodeUsage Node(long users = 0, long bytes = 0, long statements = 1, long uptime = 1) => new(users, About: false, bytes, statements, uptime, 3, 150);
}
