using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.DatabaseInstances;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Tests.DatabaseInstances;

public sealed class RestorePlanTests
{
    private static readonly DateTimeOffset Reach = new(2026, 3, 1, 12, 0, 0, 700, TimeSpan.Zero);

    [TestCase(null, "2026-03-01T12:00:00Z")]
    [TestCase("2026-03-01T11:59:59Z", "2026-03-01T11:59:59Z")]
    [TestCase("2026-03-01T12:30:00+01:00", "2026-03-01T11:30:00Z")]
    [TestCase("2026-03-01 11:00", "2026-03-01T11:00:00Z")]
    public void Time_WithinReach_IsInWholeSecondsOfUtc(string? asked, string expected) => Assert.That(NodeRestore.Text(RestorePlan.Time(asked, Reach, "sync2-db0")), Is.EqualTo(expected));

    [TestCase("noon", ErrorCode.BadArgument)]
    [TestCase("2026-03-01T12:00:01Z", ErrorCode.RestoreOutOfReach)]
    public void Time_Not_IsRefused(string asked, ErrorCode code) =>
        Assert.That(Assert.Throws<PipelineException>(() => RestorePlan.Time(asked, Reach, "sync2-db0"))!.Code, Is.EqualTo(code));

    [Test]
    public void Time_NoLogsAtAll_IsOutOfReach() =>
        Assert.That(Assert.Throws<PipelineException>(() => RestorePlan.Time(null, null, "sync2-db0"))!.Code, Is.EqualTo(ErrorCode.RestoreOutOfReach));

    [Test]
    public void Choose_Several_TheNewestWholeOneBeforeTheTime()
    {
        Snapshot[] snapshots = [Snapshot("snap-1", 8), Snapshot("snap-2", 10), Snapshot("snap-3", 11, SnapshotState.Pending), Snapshot("snap-4", 11, timeline: null), Snapshot("snap-5", 12)];

        Assert.That(RestorePlan.Choose(snapshots, Reach - TimeSpan.FromMinutes(1), "sync2-db0").SnapshotId, Is.EqualTo("snap-2"));
    }

    [TestCase(true, "oldest snapshot")]
    [TestCase(false, "no snapshot")]
    public void Choose_NoneBefore_SaysWhatThereIs(bool any, string told)
    {
        var failure = Assert.Throws<PipelineException>(() => RestorePlan.Choose(any ? [Snapshot("snap-5", 13)] : [], Reach, "sync2-db0"));

        Assert.That(failure!.Code, Is.EqualTo(ErrorCode.RestoreOutOfReach));
        Assert.That(failure.Message, Does.Contain(told));
    }

    [Test]
    public void Leftovers_RootVolumeOfTheInstanceThatWasRestored_IsNone()
    {
        Volume[] volumes =
        [
            new() { VolumeId = "vol-data", Tags = [new Tag("Role", NodeTags.Restoring), new Tag(NodeTags.Generation, "1")] },
            new() { VolumeId = "vol-root", Tags = [new Tag("Role", NodeTags.Restoring), new Tag(NodeTags.Volume, "vol-db")] },
            new() { VolumeId = "vol-db", Tags = [new Tag("Role", NodeTags.Role), new Tag(NodeTags.Generation, "2")] },
        ];

        Assert.That(RestorePlan.Leftovers(volumes).Select(volume => volume.VolumeId), Is.EqualTo(new[] { "vol-data" }));
    }

    [Test]
    public void UserData_OfARestore_HasItsTimeAndNoSecret()
    {
        var script = DatabaseNodeUserData.Script(
            TestSettings.Local, TestSettings.Node with { Backend = "ec2" }, "bucket", new AwsTarget(null, "us-east-1", "000000000000", null, IsLocal: false), "vol-1", new NodeRestore("abc", Reach));

        Assert.That(script, Does.Contain("SYNCSTORAGE_RESTORE_ID=abc").And.Contain("SYNCSTORAGE_RESTORE_TO=2026-03-01T12:00:00Z").And.Contain("SYNCSTORAGE_VOLUME=vol-1").And.Not.Contain("assword"));
    }

    private static Snapshot Snapshot(string id, int hour, SnapshotState? state = null, string? timeline = "t1") => new()
    {
        SnapshotId = id,
        State = state ?? SnapshotState.Completed,
        Tags =
        [
            new Tag(NodeTags.TakenAt, $"2026-03-01T{hour:00}:00:00Z"),
            .. timeline is null ? Array.Empty<Tag>() : [new Tag(NodeTags.Timeline, timeline)],
        ],
    };
}
