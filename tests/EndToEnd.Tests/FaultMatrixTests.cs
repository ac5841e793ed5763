using SyncStorage.Resilience.Fault;
using SyncStorage.TestSupport;

namespace SyncStorage.EndToEnd.Tests;

/// <summary>A part of the fault matrix, on one cluster under traffic; the whole is the target Fault-Matrix.</summary>
[Category(Categories.EndToEnd)]
public sealed class FaultMatrixTests
{
    private ServingFleet? fleet;

    [OneTimeSetUp]
    public async Task DeployCluster() => fleet = await ServingFleet.DeployAsync(TestContext.CurrentContext.CancellationToken, Checkouts.New());

    [OneTimeTearDown]
    public async Task DestroyCluster()
    {
        if (fleet is not null) await fleet.DisposeAsync();
    }

    [TestCase("at rest")]
    [TestCase("update")]
    public async Task Dbnode_GoesAway_UsersOfTheOtherLoseNothingAndNoWebheadLeavesTheLoadBalancer(string stage)
    {
        var row = await HitAsync("a dbnode fails over", stage);

        IsGood(row);
        Assert.That(row.Requests, Is.GreaterThan(row.Unserved).And.GreaterThan(100));
    }

    [Test]
    public async Task Deploy_CredentialsExpireInTheMiddle_IsReportedAndTheNextRunConverges()
    {
        var row = await HitAsync("credentials expire", "update");

        IsGood(row);
        Assert.That(row.ExitCode, Is.Not.Zero);
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
        return fleet!.HitAsync(what, where);
    }
}
