using SyncStorage.Resilience.Fault;

namespace SyncStorage.EndToEnd.Tests;

public sealed class FaultMatrixCasesTests
{
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
}
