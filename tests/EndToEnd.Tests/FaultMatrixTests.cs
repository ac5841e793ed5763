using SyncStorage.Resilience.Fault;
using SyncStorage.TestSupport;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>A part of the fault matrix, on one cluster under traffic; the whole is the target Fault-Matrix.</summary>
[Category(Categories.EndToEnd)]
[NonParallelizable]
public sealed class FaultMatrixTests
{
    private ServingFleet fleet = null!;

    [OneTimeSetUp]
    public async Task DeployCluster() => fleet = await ServingFleet.DeployAsync(TestContext.CurrentContext.CancellationToken);

    [OneTimeTearDown]
    public async Task DestroyCluster() => await fleet.DisposeAsync();

    [TestCase("at rest")]
    [TestCase("update")]
    public async Task Dbnode_GoesAway_UsersOfTheOtherLoseNothingAndNoWebheadLeavesTheLoadBalancer(string stage)
    {
        var row = await HitAsync("a dbnode fails over", stage);

        IsGood(row);
        Assert.That(row.Requests, Is.GreaterThan(row.Unserved).And.GreaterThan(100));
    }

    [TestCase("credentials expire", "update")]
    [TestCase("instances die once they serve", "update")]
    public async Task Deploy_Fault_EndsWhollyNewWhollyOldOrReportedAndTheNextConverges(string fault, string stage) => IsGood(await HitAsync(fault, stage));

    [Test]
    public void Cases_EachFaultAndEachStage_HaveOne()
    {
        var stages = FaultStage.First.Concat(FaultStage.OfFleets).Where(stage => stage.Name != "Build-Webhead");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(FaultMatrix.Cases.Select(one => one.Fault).Distinct(), Is.EquivalentTo(Fault.All));
            Assert.That(FaultMatrix.Cases.Select(one => one.Stage).Distinct(), Is.EquivalentTo(stages), "Build-Webhead makes no call");
        }
    }

    private static void IsGood(FaultRow row)
    {
        TestContext.Out.WriteLine(row);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(row.Outcome, Is.AnyOf("new", "old", "stuck"));
            Assert.That(row.ConvergedAfterSeconds, Is.Not.Null);
            Assert.That(row.IsGood);
        }
    }

    private Task<FaultRow> HitAsync(string fault, string stage)
    {
        var (what, where) = FaultMatrix.Cases.Single(one => one.Fault.Name == fault && one.Stage.Name == stage);
        return fleet.HitAsync(what, where);
    }
}
