using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.History;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Rollout;

namespace SyncStorage.Pipeline.Tests.Rollout;

public sealed class ReleasesTests
{
    private static readonly Image[] Images = [Verified("ami-1", "1.0", 1), Verified("ami-2", "2.0", 2), Verified("ami-2b", "2.0", 3), Verified("ami-3", "3.0", 4), Unverified("ami-4")];

    [Test]
    public void Choose_NothingAskedFor_IsTheNewestSuccessBeforeTheCurrentRelease()
    {
        HistoryEntry[] history = [Entry("3.0", "succeeded"), Entry("2.5", "rolledBack"), Entry("2.0", "succeeded"), Entry("1.0", "succeeded")];

        var image = Releases.Choose(Images, history, current: "3.0", wanted: null);

        Assert.That(image.ImageId, Is.EqualTo("ami-2b"), "the newest image of that release");
    }

    [Test]
    public void Choose_ThePreviousIsNotRetained_IsTheOneBefore()
    {
        HistoryEntry[] history = [Entry("3.0", "succeeded"), Entry("2.9", "succeeded"), Entry("1.0", "succeeded")];

        Assert.That(Releases.Choose(Images, history, "3.0", wanted: null).ImageId, Is.EqualTo("ami-1"));
    }

    [Test]
    public void Choose_OneIsAskedFor_IsThatOne()
    {
        Assert.That(Releases.Choose(Images, [], "3.0", "1.0").ImageId, Is.EqualTo("ami-1"));
    }

    [TestCase("0.9")]
    [TestCase(null)]
    public void Choose_NoneLeft_SaysWhichThereAre(string? wanted)
    {
        Assert.That(
            () => Releases.Choose(Images, [], "3.0", wanted),
            Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.NoSuchRelease).And.Property("LastSeen").EqualTo("retained: 3.0, 2.0, 1.0"));
    }

    private static HistoryEntry Entry(string release, string outcome) => new()
    {
        Deployment = "d",
        Kind = DeploymentKind.Deploy,
        Target = "Deploy",
        Outcome = outcome,
        ExitCode = 0,
        Who = "ann",
        StartedAt = DateTimeOffset.UnixEpoch,
        EndedAt = DateTimeOffset.UnixEpoch,
        Release = release,
    };

    private static Image Verified(string id, string release, int day) => new()
    {
        ImageId = id,
        State = ImageState.Available,
        CreationDate = $"2026-01-0{day}T00:00:00.000Z",
        Tags = [new Tag("Verified", release)],
    };

    private static Image Unverified(string id) => new() { ImageId = id, State = ImageState.Available, CreationDate = "2026-01-09T00:00:00.000Z", Tags = [] };
}
