using SyncStorage.DatabaseNode.Backups;

namespace SyncStorage.DatabaseNode.Tests.Backups;

internal sealed class SnapshotPlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [TestCase(null, true)]
    [TestCase(23, false)]
    [TestCase(24, true)]
    public void IsDue_ByTheAgeOfTheNewest(int? hours, bool due)
    {
        NodeSnapshot[] snapshots = hours is { } age ? [new("snap-1", Now - TimeSpan.FromHours(age), "t1"), new("snap-0", Now - 9 * Day, "t1")] : [];

        Assert.That(SnapshotPlan.IsDue(snapshots, "t1", Now, Day), Is.EqualTo(due));
    }

    [Test]
    public void IsDue_YoungOneOfAnotherHistory_IsNoneToReachThisOneFrom() =>
        Assert.That(SnapshotPlan.IsDue([new("snap-1", Now - TimeSpan.FromHours(1), "t1")], "t2", Now, Day), Is.True);

    [Test]
    public void Superfluous_OlderThanWhatIsKept_ButForTheOneFromWhichItsBeginningIsReached()
    {
        var snapshots = Enumerable.Range(0, 12).Select(days => new NodeSnapshot($"snap-{days}", Now - days * Day, "t1")).ToList();

        Assert.That(SnapshotPlan.Superfluous(snapshots, Now, 7).Select(snapshot => snapshot.Id), Is.EqualTo(new[] { "snap-9", "snap-10", "snap-11" }));
    }

    [Test]
    public void Superfluous_TheLastOne_NeverGoes() =>
        Assert.That(SnapshotPlan.Superfluous([new("snap-1", Now - 100 * Day, "t1")], Now, 7), Is.Empty);
}
