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
        NodeSnapshot[] snapshots = hours is { } age ? [new("snap-1", Now - TimeSpan.FromHours(age)), new("snap-0", Now - 9 * Day)] : [];

        Assert.That(SnapshotPlan.IsDue(snapshots, Now, Day), Is.EqualTo(due));
    }

    [Test]
    public void Superfluous_OlderThanWhatIsKept_ButForTheOneFromWhichItsBeginningIsReached()
    {
        var snapshots = Enumerable.Range(0, 12).Select(days => new NodeSnapshot($"snap-{days}", Now - days * Day)).ToList();

        Assert.That(SnapshotPlan.Superfluous(snapshots, Now, 7).Select(snapshot => snapshot.Id), Is.EqualTo(new[] { "snap-9", "snap-10", "snap-11" }));
    }

    [Test]
    public void Superfluous_TheLastOne_NeverGoes() =>
        Assert.That(SnapshotPlan.Superfluous([new("snap-1", Now - 100 * Day)], Now, 7), Is.Empty);
}
