using System.Net;
using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;
using SyncStorage.Pipeline.Tests.Aws;

namespace SyncStorage.Pipeline.Tests.Images;

/// <summary>Which image is baked from: by a parameter of Systems Manager, or by its id; and what of it has to be encrypted.</summary>
public sealed class BaseImageTests
{
    private const string Answer = """{"Parameter": {"Name": "p", "Value": "ami-0123456789abcdef0"}}""";

    [TestCase("x86_64", null, "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64")]
    [TestCase("arm64", null, "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64")]
    [TestCase("x86_64", "resolve:ssm:/golden/image", "/golden/image")]
    public async Task Newest_ByAParameter_IsWhatItSays(string architecture, string? baseImage, string parameter)
    {
        var network = new FakeNetwork((HttpStatusCode.OK, Answer));
        using var clients = ClientsOf(network);

        var image = await Catalog(clients, new ImageSettings { Architecture = architecture, BaseImage = baseImage }).NewestBaseImageAsync(CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(image, Is.EqualTo("ami-0123456789abcdef0"));
            Assert.That(network.Bodies.Single(), Does.Contain($"\"{parameter}\""));
        }
    }

    [Test]
    public async Task Newest_ByItsId_AsksNobody()
    {
        var network = new FakeNetwork((HttpStatusCode.OK, Answer));
        using var clients = ClientsOf(network);

        var image = await Catalog(clients, new ImageSettings { BaseImage = "ami-0a1b2c3d" }).NewestBaseImageAsync(CancellationToken.None);

        Assert.That((image, network.Requests.Count), Is.EqualTo(("ami-0a1b2c3d", 0)));
    }

    [Test]
    public async Task PlainDevices_SomeSnapshotsAreEncrypted_AreTheOthers()
    {
        const string Image = """
            <DescribeImagesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><imagesSet><item><imageId>ami-1</imageId><blockDeviceMapping>
            <item><deviceName>/dev/xvda</deviceName><ebs><encrypted>false</encrypted></ebs></item>
            <item><deviceName>/dev/xvdb</deviceName><ebs><encrypted>true</encrypted></ebs></item>
            <item><deviceName>/dev/xvdc</deviceName><virtualName>ephemeral0</virtualName></item>
            </blockDeviceMapping></item></imagesSet></DescribeImagesResponse>
            """;
        using var clients = ClientsOf(new FakeNetwork((HttpStatusCode.OK, Image)));

        Assert.That(await Catalog(clients, new ImageSettings()).PlainDevicesAsync("ami-1", CancellationToken.None), Is.EqualTo(new[] { "/dev/xvda" }));
    }

    [Test]
    public void PlainDevices_NoSuchImage_SaysSo()
    {
        const string None = """<DescribeImagesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><imagesSet/></DescribeImagesResponse>""";
        using var clients = ClientsOf(new FakeNetwork((HttpStatusCode.OK, None)));

        Assert.That(
            () => Catalog(clients, new ImageSettings()).PlainDevicesAsync("ami-1", CancellationToken.None),
            Throws.TypeOf<PipelineException>().With.Property("Code").EqualTo(ErrorCode.BakeFailed).And.Message.Contain("ami-1"));
    }

    private static Clients ClientsOf(FakeNetwork network) =>
        new(() => new AwsTarget(null, "eu-west-1", "123456789012", new BasicAWSCredentials("AKIATEST", "secret"), IsLocal: false), new CallRecorder()) { Network = network };

    private static ImageCatalog Catalog(Clients clients, ImageSettings image)
    {
        var settings = TestSettings.Local with { Image = image };
        return new ImageCatalog(
            clients, settings, new Observation(clients, settings, TestSettings.Names), new RunOptions { RepositoryRoot = "/" }, new Waiter(new FakeTimeProvider(), new RecordingProgress()));
    }
}
