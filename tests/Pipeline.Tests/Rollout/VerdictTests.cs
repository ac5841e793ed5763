using SyncStorage.Pipeline.Rollout;

namespace SyncStorage.Pipeline.Tests.Rollout;

public sealed class VerdictTests
{
    [Test]
    public void IsServing_DrainingInstance_IsInServiceButDoesNotServe()
    {
        var draining = new Verdict("InService", "Instance deregistration currently in progress.");

        Assert.That((draining.IsDraining, draining.IsServing), Is.EqualTo((true, false)));
    }

    [TestCase("OutOfService", "Instance has failed at least the UnhealthyThreshold number of health checks consecutively.", true)]
    [TestCase("OutOfService", "Instance has not passed the configured HealthyThreshold number of health checks consecutively.", false)]
    [TestCase("OutOfService", "Instance registration is still in progress.", false)]
    [TestCase("InService", "N/A", false)]
    public void FailsProbes_OnlyWhatWasTakenOut(string state, string description, bool expected) =>
        Assert.That(new Verdict(state, description).FailsProbes, Is.EqualTo(expected));

    [TestCase("InService", "N/A", true)]
    [TestCase("OutOfService", "Instance registration is still in progress.", false)]
    [TestCase("Unknown", "A transient error occurred. Please try again later.", false)]
    public void IsServing_OnlyInService(string state, string description, bool expected) =>
        Assert.That(new Verdict(state, description).IsServing, Is.EqualTo(expected));
}
