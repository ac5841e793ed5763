using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.DatabaseInstances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.DatabaseInstances;

public sealed class ObservedNodeTests
{
    private static readonly DatabaseNodeSettings Node = TestSettings.Node with { Backend = "ec2", StorageGiB = 100 };

    [Test]
    public void Of_SeveralVolumes_TheNewestIsTheDatabaseAndOnlyItsInstanceServes()
    {
        var seen = ObservedNode.Of("db0", [Volume("vol-1", "20260101"), Volume("vol-2", "20260301", "i-2"), Volume("vol-3", "20260401", role: NodeTags.Restoring), Volume("vol-9", "20260501", node: "db1")],
            [Instance("i-1", "vol-1"), Instance("i-2", "vol-2"), Instance("i-3", "vol-3", role: NodeTags.Restoring)]);

        Assert.That((seen.Volume?.VolumeId, seen.Instance?.InstanceId, seen.Status, seen.IsAttached), Is.EqualTo(("vol-2", "i-2", "available", true)));
        Assert.That((seen.Others.Single().InstanceId, seen.Retired.Single().VolumeId), Is.EqualTo(("i-1", "vol-1")), "what was before a restore");
    }

    [Test]
    public void Of_StoppedInstance_IsNoneThatServes()
    {
        var seen = ObservedNode.Of("db0", [Volume("vol-1", "20260101", "i-1")], [Instance("i-1", "vol-1", InstanceStateName.Stopped)]);

        Assert.That((seen.Instance, seen.Others.Count, seen.Status), Is.EqualTo(((Instance?)null, 1, "without instance")));
    }

    [Test]
    public void Compare_AsWanted_IsNothing() => Assert.That(Compare(ObservedNode.Of("db0", [Volume("vol-1", "20260101", "i-1")], [Instance("i-1", "vol-1")])), Is.Empty);

    [Test]
    public void Compare_NothingThere_IsMade() => Assert.That(Compare(ObservedNode.Of("db0", [], [])), Is.EqualTo(new[] { (ChangeKind.Create, (string?)null) }));

    [Test]
    public void Compare_InstanceGone_IsReplaced() => Assert.That(Compare(ObservedNode.Of("db0", [Volume("vol-1", "20260101")], [])), Is.EqualTo(new[] { (ChangeKind.Replace, (string?)null) }));

    [Test]
    public void Compare_OtherTypeOrImage_WantsApproval()
    {
        var seen = ObservedNode.Of("db0", [Volume("vol-1", "20260101", "i-1")], [Instance("i-1", "vol-1")]);

        var changes = seen.Compare("sync2-db0", Node with { InstanceClass = "db.m7i.large" }, "ami-2", "sync2").ToList();

        Assert.That(changes.Select(change => (change.From, change.To)), Is.EqualTo(new[] { ("t3.small", "m7i.large"), ("ami-1", "ami-2") }));
        Assert.That(changes.Select(change => change.Note), Is.All.EqualTo("downtime: wants --approve=sync2"));
    }

    [Test]
    public void Compare_NotAttached_IsAttached()
    {
        var seen = ObservedNode.Of("db0", [Volume("vol-1", "20260101")], [Instance("i-1", "vol-1")]);

        Assert.That(Compare(seen), Is.EqualTo(new[] { (ChangeKind.Update, (string?)null) }));
        Assert.That(seen.Status, Is.EqualTo("starting"));
    }

    private static IEnumerable<(ChangeKind Kind, string? Note)> Compare(ObservedNode seen) => seen.Compare("sync2-db0", Node, "ami-1", "sync2").Select(change => (change.Kind, change.Note));

    private static Volume Volume(string id, string generation, string? attached = null, string role = NodeTags.Role, string node = "db0") => new()
    {
        VolumeId = id,
        Size = 100,
        Tags = [new Tag("Role", role), new Tag(NodeTags.Node, node), new Tag(NodeTags.Generation, generation)],
        Attachments = attached is null ? null : [new VolumeAttachment { InstanceId = attached }],
    };

    private static Instance Instance(string id, string volume, InstanceStateName? state = null, string role = NodeTags.Role) => new()
    {
        InstanceId = id,
        ImageId = "ami-1",
        InstanceType = InstanceType.T3Small,
        State = new InstanceState { Name = state ?? InstanceStateName.Running },
        Tags = [new Tag("Role", role), new Tag(NodeTags.Node, "db0"), new Tag(NodeTags.Volume, volume)],
    };
}
