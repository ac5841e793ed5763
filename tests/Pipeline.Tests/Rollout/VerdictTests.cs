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

    [TestCase("InService", "N/A", true)]
    [TestCase("OutOfService", "Instance registration is still in progress.", false)]
    [TestCase("Unknown", "A transient error occurred. Please try again later.", false)]
    public void IsServing_OnlyInService(string state, string description, bool expected) =>
        Assert.That(new Verdict(state, description).IsServing, Is.EqualTo(expected));
}
