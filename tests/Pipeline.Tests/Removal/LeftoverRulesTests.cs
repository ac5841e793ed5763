using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.History;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Removal;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.Tests.Removal;

public sealed class LeftoverRulesTests
{
    private static readonly DateTimeOffset Day = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string Digest = new('a', 64);

    [Test]
    public void Instances_OfTemporaryRoles_AreLeftOverHoweverTheFleetIs()
    {
        var found = LeftoverRules.Instances([Instance("i-1", "builder"), Instance("i-2", "admin"), Instance("i-3", "webhead")], [], Journal(open: true), minHealthy: 1);

        Assert.That(found.Select(one => one.Id), Is.EqualTo(["i-1", "i-2"]));
    }

    [TestCase(false, 1, ExpectedResult = "i-2")]
    [TestCase(true, 1, ExpectedResult = "", Description = "the next run goes on with it")]
    [TestCase(false, 2, ExpectedResult = "", Description = "somebody may want to put it back")]
    public string Instances_WebheadOutsideTheLoadBalancer_OnlyWhereTheDeploymentIsOverAndEnoughServe(bool open, int minHealthy)
    {
        var found = LeftoverRules.Instances(
            [Instance("i-1", "webhead"), Instance("i-2", "webhead")], [Webhead("i-1", new Verdict("InService", "")), Webhead("i-2", Verdict.NotRegistered)], Journal(open), minHealthy);

        return string.Join(",", found.Select(one => one.Id));
    }

    [Test]
    public void Instances_RegisteredButNotServing_Stays()
    {
        var found = LeftoverRules.Instances(
            [Instance("i-1", "webhead"), Instance("i-2", "webhead")], [Webhead("i-1", new Verdict("InService", "")), Webhead("i-2", new Verdict("OutOfService", ""))], Journal(open: false), minHealthy: 1);

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Snapshots_ImageGone_IsLeftOver()
    {
        Snapshot[] snapshots = [new() { SnapshotId = "snap-1", StartTime = Day.UtcDateTime }, new() { SnapshotId = "snap-2" }];

        var found = LeftoverRules.Snapshots(snapshots, [Image("ami-1", "snap-2")]);

        Assert.That(found, Is.EqualTo([new Leftover(LeftoverKind.Snapshot, "snap-1", "its image is gone", Day)]));
    }

    [Test]
    public void Snapshots_OfDbnodes_AreBackupsAndNeverLeftOver()
    {
        Snapshot[] snapshots = [new() { SnapshotId = "snap-1", Tags = [new Tag("Role", "dbnode"), new Tag("Node", "db0"), new Tag("Kind", "final")] }, new() { SnapshotId = "snap-3", Tags = [new Tag("Role", "dbnode")] }];

        Assert.That(LeftoverRules.Snapshots(snapshots, [Image("ami-1", "snap-2")]).Select(left => left.Id), Is.EqualTo(new[] { "snap-3" }), "but those of their images are as others");
    }

    [Test]
    public void Snapshots_AnImageIsBeingMade_NothingIsKnown()
    {
        var pending = Image("ami-1", "snap-2");
        pending.State = ImageState.Pending;

        Assert.That(LeftoverRules.Snapshots([new Snapshot { SnapshotId = "snap-1" }], [pending]), Is.Empty);
    }

    [Test]
    public void Objects_BundleOfAnImage_StaysAndOthersGo()
    {
        var other = new string('b', 64);
        StoredObject[] objects = [new($"bundles/{Digest}.tar.gz", Day), new($"bundles/{other}.tar.gz", Day), new("bake/1/log.txt", Day), new("state/lock.json", Day), new("history/x.json", Day)];

        var found = LeftoverRules.Objects(objects, new HashSet<string> { $"0.1.0-{Digest[..12]}" });

        Assert.That(found.Select(one => one.Id), Is.EqualTo(["bake/1/log.txt", $"bundles/{other}.tar.gz"]));
    }

    [Test]
    public void Configurations_Old_GoUnlessARetainedReleaseWasDeployedWithThem()
    {
        StoredObject[] objects = [.. Enumerable.Range(1, 14).Select(version => new StoredObject($"config/{version}.json", Day)), new("config/current.json", Day)];
        HistoryEntry[] history = [Entry("kept", 2), Entry("gone", 3)];

        var found = LeftoverRules.Configurations(objects, current: 13, new HashSet<string> { "kept" }, history);

        Assert.That(found.Select(one => one.Id), Is.EqualTo(["config/1.json", "config/3.json"]));
        Assert.That(LeftoverRules.Configurations(objects, current: null, new HashSet<string>(), history), Is.Empty);
    }

    [TestCase(null, true)]
    [TestCase(24, true)]
    [TestCase(25, false)]
    public void IsOlderThan_Age_CountsFromWhenItWasMade(int? hours, bool expected)
    {
        var leftover = new Leftover(LeftoverKind.Image, "ami-1", "", Day);

        Assert.That(leftover.IsOlderThan(hours is { } h ? TimeSpan.FromHours(h) : null, Day.AddDays(1)), Is.EqualTo(expected));
        Assert.That((leftover with { Since = null }).IsOlderThan(TimeSpan.FromHours(1), Day), Is.False, "of unknown age");
    }

    private static Instance Instance(string id, string role) => new()
    {
        InstanceId = id,
        LaunchTime = Day.UtcDateTime,
        Tags = [new Tag("Role", role), new Tag("Deployment", "d1")],
    };

    private static Image Image(string id, string snapshot) => new()
    {
        ImageId = id,
        State = ImageState.Available,
        BlockDeviceMappings = [new BlockDeviceMapping { Ebs = new EbsBlockDevice { SnapshotId = snapshot } }],
    };

    private static Webhead Webhead(string id, Verdict verdict) => new(id, "us-east-1a", null, "running", "1", "spec", Day, verdict);

    private static JournalDocument Journal(bool open) => new() { Deployment = "d1", Kind = DeploymentKind.Deploy, StartedAt = Day, Open = open };

    private static HistoryEntry Entry(string release, int configuration) => new()
    {
        Deployment = release,
        Kind = DeploymentKind.Deploy,
        Target = "Deploy",
        Outcome = "succeeded",
        ExitCode = 0,
        Who = "ann",
        StartedAt = Day,
        EndedAt = Day,
        Release = release,
        Configuration = configuration,
    };
}
