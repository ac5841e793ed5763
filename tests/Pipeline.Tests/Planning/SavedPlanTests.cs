using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Pipeline.Tests.Planning;

public sealed class SavedPlanTests
{
    [Test]
    public void TryParse_WhatWasWritten_SaysTheSameAndIsIntact()
    {
        var plan = Plan();

        var read = SavedPlan.TryParse(plan.ToJson())!;

        Assert.That(read.Changes, Is.EqualTo(plan.Changes));
        Assert.That(read.Observed, Is.EqualTo(plan.Observed));
        Assert.That(read.IsIntact);
    }

    [TestCase("\"off\"", "\"on\"")]
    [TestCase("i-1", "i-2")]
    [TestCase("\"3\"", "\"4\"")]
    public void IsIntact_ChangedByHand_No(string from, string to)
    {
        var changed = Plan().ToJson().Replace(from, to, StringComparison.Ordinal);

        Assert.That(SavedPlan.TryParse(changed)!.IsIntact, Is.False);
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("no JSON")]
    [TestCase("""{ "kind": "something else" }""")]
    public void TryParse_NoPlan_Null(string text) => Assert.That(SavedPlan.TryParse(text), Is.Null);

    private static SavedPlan Plan()
    {
        var settings = new Dictionary<string, string> { ["webheads.count"] = "3" };
        var observed = new Dictionary<string, string> { ["webhead i-1"] = "serving" };
        PlannedChange[] changes =
        [
            new(ChangeKind.Create, "bucket b", "created"),
            PlannedChange.Of(ChangeKind.Update, "database sync2-db0", new ValueChange("deletion protection", "off", "yes")) with { Note = "downtime" },
        ];
        return new SavedPlan
        {
            Kind = SavedPlan.FileKind,
            Format = SavedPlan.CurrentFormat,
            Version = "0.1.0",
            CreatedAt = DateTimeOffset.UnixEpoch,
            Who = "ann@laptop",
            Environment = "local",
            Cluster = "sync2",
            Release = "0.1.0-abc",
            BundleDigest = "abc",
            SettingsDigest = SavedPlan.DigestOf(settings),
            Fingerprint = SavedPlan.FingerprintOf(observed, changes),
            Settings = settings,
            Observed = observed,
            Changes = changes,
        };
    }
}
