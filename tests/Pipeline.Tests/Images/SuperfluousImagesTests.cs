using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.Images;

namespace SyncStorage.Pipeline.Tests.Images;

public sealed class SuperfluousImagesTests
{
    [Test]
    public void Superfluous_KeepsTheNewestVerifiedThoseInUseAndThosePending()
    {
        Image[] images = [Image("ami-1"), Image("ami-2"), Image("ami-3"), Image("ami-4", verified: false), Image("ami-5", ImageState.Pending, verified: false)];

        var superfluous = ImageRetention.Superfluous(images, new HashSet<string> { "ami-1" }, retain: 1);

        Assert.That(superfluous.Select(image => image.ImageId), Is.EquivalentTo(["ami-2", "ami-4"]));
    }

    private static Image Image(string id, ImageState? state = null, bool verified = true) => new()
    {
        ImageId = id,
        State = state ?? ImageState.Available,
        CreationDate = $"2026-01-0{id[^1]}T00:00:00.000Z",
        Tags = verified ? [new Tag(ImageCatalog.VerifiedTag, "1")] : null,
    };
}
