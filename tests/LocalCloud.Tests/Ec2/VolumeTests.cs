using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Tests.Ec2;

internal sealed class VolumeTests
{
    private const string Zone = "us-east-1a";

    private Ec2Harness ec2 = null!;

    [SetUp]
    public void Start() => ec2 = new Ec2Harness();

    [TearDown]
    public void Stop() => ec2.Dispose();

    [Test]
    public async Task CreateVolume_Encrypted_IsCreatingThenAvailableWithItsTags()
    {
        var id = await CreateAsync(""", "Encrypted": true, "VolumeType": "gp3", "TagSpecifications": [{"ResourceType": "volume", "Tags": [{"Key": "Node", "Value": "db0"}]}] """);
        var creating = (string)(await VolumeAsync(id))["State"]!;
        ec2.Pass(5);

        var found = (await ec2.CallAsync("DescribeVolumes", """{"Filters": [{"Name": "tag:Node", "Values": ["db0"]}, {"Name": "status", "Values": ["available"]}]}"""))["Volumes"]!.AsArray();

        Assert.That(found.Select(volume => (string)volume!["VolumeId"]!), Is.EqualTo(new[] { id }));
        Assert.That((creating, (bool)found[0]!["Encrypted"]!, (int)found[0]!["Size"]!, found[0]!["Attachments"]!.AsArray().Count), Is.EqualTo(("creating", true, 20, 0)));
    }

    [Test]
    public async Task CreateVolume_SameTokenAgain_IsTheSameVolume()
    {
        var first = await CreateAsync(""", "ClientToken": "one" """);

        Assert.That(await CreateAsync(""", "ClientToken": "one" """), Is.EqualTo(first));
    }

    [TestCase("""{"Size": 20, "AvailabilityZone": "us-east-1x"}""", "InvalidZone.NotFound")]
    [TestCase("""{"AvailabilityZone": "us-east-1a"}""", "MissingParameter")]
    [TestCase("""{"Size": 0, "AvailabilityZone": "us-east-1a"}""", "InvalidParameterValue")]
    [TestCase("""{"Size": 20, "AvailabilityZone": "us-east-1a", "VolumeType": "fast"}""", "InvalidParameterValue")]
    [TestCase("""{"SnapshotId": "snap-00000000000000000", "AvailabilityZone": "us-east-1a"}""", "InvalidSnapshot.NotFound")]
    public async Task CreateVolume_Wrong_IsRefused(string request, string code) =>
        Assert.That(await ec2.ErrorAsync("CreateVolume", request), Is.EqualTo(code));

    [Test]
    public async Task TerminateInstances_AttachedVolume_OutlivesTheInstanceAndItsOwnDoesNot()
    {
        var (instance, volume) = await AttachedAsync();
        var own = (string)(await ec2.InstanceAsync(instance))["BlockDeviceMappings"]!.AsArray().Single(mapping => (string)mapping!["DeviceName"]! == "/dev/xvda")!["Ebs"]!["VolumeId"]!;
        var attachment = (await VolumeAsync(volume))["Attachments"]![0]!;

        await EndAsync(instance);

        var left = await VolumeAsync(volume);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((string)attachment["Device"]!, (bool)attachment["DeleteOnTermination"]!), Is.EqualTo(("/dev/sdf", false)));
            Assert.That(((string)left["State"]!, left["Attachments"]!.AsArray().Count), Is.EqualTo(("available", 0)));
            Assert.That(await ec2.ErrorAsync("DescribeVolumes", $$"""{"VolumeIds": ["{{own}}"]}"""), Is.EqualTo("InvalidVolume.NotFound"));
        }
    }

    [Test]
    public async Task AttachVolume_InUse_IsRefusedUntilItsInstanceIsGone()
    {
        var (instance, volume) = await AttachedAsync();
        var next = await RunningAsync();
        var request = $$"""{"VolumeId": "{{volume}}", "InstanceId": "{{next}}", "Device": "/dev/sdf"}""";
        var inUse = (await ec2.ErrorAsync("AttachVolume", request), await ec2.ErrorAsync("DeleteVolume", $$"""{"VolumeId": "{{volume}}"}"""));

        await EndAsync(instance);

        Assert.That(inUse, Is.EqualTo(("VolumeInUse", "VolumeInUse")));
        Assert.That(await ec2.ErrorAsync("AttachVolume", request), Is.Null);
    }

    [Test]
    public async Task AttachVolume_WhereItCannotBe_IsRefused()
    {
        var (instance, _) = await AttachedAsync();
        var volume = await CreateAsync();
        var elsewhere = await CreateAsync(zone: "us-east-1b");
        var creating = await AttachErrorAsync(volume, instance, "/dev/sdg");
        ec2.Pass(5);
        var pending = await ec2.LaunchAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(creating, Is.EqualTo("IncorrectState"));
            Assert.That(await AttachErrorAsync(volume, pending, "/dev/sdg"), Is.EqualTo("IncorrectInstanceState"));
            Assert.That(await AttachErrorAsync(elsewhere, instance, "/dev/sdg"), Is.EqualTo("InvalidVolume.ZoneMismatch"));
            Assert.That(await AttachErrorAsync(volume, instance, "/dev/sdf"), Is.EqualTo("InvalidParameterValue"), "there is one already");
            Assert.That(await AttachErrorAsync(volume, instance, "/dev/xvda"), Is.EqualTo("InvalidParameterValue"), "it started from that one");
            Assert.That(await AttachErrorAsync(volume, instance, "/dev/../etc"), Is.EqualTo("InvalidParameterValue"));
            Assert.That(await AttachErrorAsync(volume, instance, "/dev/sdg"), Is.Null);
        }
    }

    [Test]
    public async Task CreateSnapshot_OfAVolume_MakesVolumesOfItsSizeAndEncryption()
    {
        var volume = await CreateAsync(""", "Encrypted": true""");
        ec2.Pass(5);
        var snapshot = await SnapshotAsync(volume);
        var pending = await ec2.ErrorAsync("CreateVolume", $$"""{"AvailabilityZone": "us-east-1b", "SnapshotId": "{{snapshot}}"}""");
        ec2.Pass(60);

        var made = await ec2.CallAsync("CreateVolume", $$"""{"AvailabilityZone": "us-east-1b", "SnapshotId": "{{snapshot}}"}""");

        Assert.That(pending, Is.EqualTo("IncorrectState"));
        Assert.That(((int)made["Size"]!, (bool)made["Encrypted"]!, (string)made["SnapshotId"]!), Is.EqualTo((20, true, snapshot)));
        Assert.That(await ec2.ErrorAsync("CreateVolume", $$"""{"AvailabilityZone": "us-east-1b", "SnapshotId": "{{snapshot}}", "Size": 10}"""), Is.EqualTo("InvalidParameterValue"));
    }

    [Test]
    public async Task CreateSnapshot_OfWhatAnInstanceStartedFrom_IsRefused()
    {
        var instance = await RunningAsync();
        var own = (string)(await ec2.InstanceAsync(instance))["BlockDeviceMappings"]![0]!["Ebs"]!["VolumeId"]!;

        Assert.That(await ec2.ErrorAsync("CreateSnapshot", $$"""{"VolumeId": "{{own}}"}"""), Is.EqualTo("InvalidParameterValue"));
    }

    private async Task<string> CreateAsync(string more = "", string zone = Zone) =>
        (string)(await ec2.CallAsync("CreateVolume", $$"""{"Size": 20, "AvailabilityZone": "{{zone}}"{{more}}}"""))["VolumeId"]!;

    private async Task<JsonNode> VolumeAsync(string id) => (await ec2.CallAsync("DescribeVolumes", $$"""{"VolumeIds": ["{{id}}"]}"""))["Volumes"]![0]!;

    private async Task<string> SnapshotAsync(string volume) => (string)(await ec2.CallAsync("CreateSnapshot", $$"""{"VolumeId": "{{volume}}"}"""))["SnapshotId"]!;

    private async Task<string> RunningAsync()
    {
        var instance = await ec2.LaunchAsync();
        ec2.Pass(15);
        return instance;
    }

    private async Task<(string Instance, string Volume)> AttachedAsync()
    {
        var instance = await RunningAsync();
        var volume = await CreateAsync();
        ec2.Pass(5);
        await ec2.CallAsync("AttachVolume", $$"""{"VolumeId": "{{volume}}", "InstanceId": "{{instance}}", "Device": "/dev/sdf"}""");
        return (instance, volume);
    }

    private Task<string?> AttachErrorAsync(string volume, string instance, string device) =>
        ec2.ErrorAsync("AttachVolume", $$"""{"VolumeId": "{{volume}}", "InstanceId": "{{instance}}", "Device": "{{device}}"}""");

    private async Task EndAsync(string instance)
    {
        await ec2.CallAsync("TerminateInstances", $$"""{"InstanceIds": ["{{instance}}"]}""");
        ec2.Service.ProcessesEnded(instance);
        ec2.Pass(30);
    }
}
