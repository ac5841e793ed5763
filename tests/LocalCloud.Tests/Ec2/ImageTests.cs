namespace SyncStorage.LocalCloud.Tests.Ec2;

internal sealed class ImageTests
{
    private Ec2Harness ec2 = null!;
    private string instance = "";

    [SetUp]
    public async Task Start()
    {
        ec2 = new Ec2Harness();
        instance = await ec2.LaunchAsync();
        ec2.Pass(15);
        await ec2.CallAsync("StopInstances", $$"""{"InstanceIds": ["{{instance}}"]}""");
        ec2.Service.ProcessesEnded(instance);
        ec2.Pass(20);
    }

    [TearDown]
    public void Stop() => ec2.Dispose();

    [Test]
    public async Task CreateImage_Stopped_IsPendingThenAvailableWithTaggedSnapshot()
    {
        var id = await CreateAsync(""", "TagSpecifications": [{"ResourceType": "image", "Tags": [{"Key": "A", "Value": "1"}]}, {"ResourceType": "snapshot", "Tags": [{"Key": "B", "Value": "2"}]}] """);
        var pending = await StateAsync(id);

        ec2.Pass(240);

        var snapshots = await ec2.CallAsync("DescribeSnapshots", """{"OwnerIds": ["self"], "Filters": [{"Name": "tag:B", "Values": ["2"]}]}""");
        Assert.That((pending, await StateAsync(id)), Is.EqualTo(("pending", "available")));
        Assert.That((string)snapshots["Snapshots"]![0]!["State"]!, Is.EqualTo("completed"));
        Assert.That(ec2.Runtime.Calls[^1], Is.EqualTo($"capture {instance}"));
    }

    [Test]
    public async Task CreateImage_OfAnEncryptedVolume_IsEncryptedAsIsWhatIsLaunchedFromIt()
    {
        var builder = await ec2.LaunchAsync(""", "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": true}}] """);
        ec2.Pass(15);
        var image = (string)(await ec2.CallAsync("CreateImage", $$"""{"InstanceId": "{{builder}}", "Name": "sealed", "NoReboot": true}"""))["ImageId"]!;
        ec2.Pass(240);

        var launched = await ec2.CallAsync("RunInstances", $$"""{"ImageId": "{{image}}", "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro"}""");

        var described = (await ec2.CallAsync("DescribeImages", $$"""{"ImageIds": ["{{image}}", "{{Ec2Harness.BaseImage}}"]}"""))["Images"]!.AsArray()
            .ToDictionary(one => (string)one!["ImageId"]!, one => (bool)one!["BlockDeviceMappings"]![0]!["Ebs"]!["Encrypted"]!);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((described[image], described[Ec2Harness.BaseImage]), Is.EqualTo((true, false)));
            Assert.That(await IsEncryptedAsync((string)launched["Instances"]![0]!["InstanceId"]!), Is.True);
            Assert.That(await IsEncryptedAsync(instance), Is.False, "one of the base image, of which nobody asked for it");
        }
    }

    [Test]
    public async Task CreateImage_NameInUse_IsADuplicateEvenWhilePending()
    {
        await CreateAsync();

        Assert.That(await ec2.ErrorAsync("CreateImage", $$"""{"InstanceId": "{{instance}}", "Name": "app"}"""), Is.EqualTo("InvalidAMIName.Duplicate"));
    }

    [Test]
    public async Task RunInstances_PendingImage_IsUnavailable()
    {
        var id = await CreateAsync();

        var error = await ec2.ErrorAsync("RunInstances", $$"""{"ImageId": "{{id}}", "MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro"}""");

        Assert.That(error, Is.EqualTo("InvalidAMIID.Unavailable"));
    }

    [Test]
    public async Task DeleteSnapshot_WhileItsImageExists_IsInUse()
    {
        var id = await CreateAsync();
        var snapshot = (string)(await ec2.CallAsync("DescribeSnapshots", "{}"))["Snapshots"]![0]!["SnapshotId"]!;
        var before = await ec2.ErrorAsync("DeleteSnapshot", $$"""{"SnapshotId": "{{snapshot}}"}""");

        await ec2.CallAsync("DeregisterImage", $$"""{"ImageId": "{{id}}"}""");
        var after = await ec2.ErrorAsync("DeleteSnapshot", $$"""{"SnapshotId": "{{snapshot}}"}""");

        Assert.That((before, after), Is.EqualTo(("InvalidSnapshot.InUse", (string?)null)));
    }

    [Test]
    public async Task DescribeImages_Deregistered_AreNoneForAWhileAndThenUnknown()
    {
        var id = await CreateAsync();
        await ec2.CallAsync("DeregisterImage", $$"""{"ImageId": "{{id}}"}""");

        var soon = await ec2.CallAsync("DescribeImages", $$"""{"ImageIds": ["{{id}}"]}""");
        ec2.Time.Advance(TimeSpan.FromHours(1));

        Assert.That(soon["Images"]!.AsArray(), Is.Empty);
        Assert.That(await ec2.ErrorAsync("DescribeImages", $$"""{"ImageIds": ["{{id}}"]}"""), Is.EqualTo("InvalidAMIID.NotFound"));
    }

    [Test]
    public async Task DescribeImages_Owners_SeparateOursFromAmazons()
    {
        var id = await CreateAsync();

        var ours = await ec2.CallAsync("DescribeImages", """{"Owners": ["self"]}""");
        var amazons = await ec2.CallAsync("DescribeImages", """{"Owners": ["amazon"], "Filters": [{"Name": "architecture", "Values": ["x86_64"]}]}""");

        Assert.That(ours["Images"]!.AsArray().Select(image => (string)image!["ImageId"]!), Is.EqualTo(new[] { id }));
        Assert.That(amazons["Images"]!.AsArray().Select(image => (string)image!["ImageId"]!), Is.EqualTo(new[] { Ec2Harness.BaseImage }));
    }

    private async Task<bool> IsEncryptedAsync(string of) =>
        (bool)(await ec2.CallAsync("DescribeVolumes", $$"""{"Filters": [{"Name": "attachment.instance-id", "Values": ["{{of}}"]}]}"""))["Volumes"]![0]!["Encrypted"]!;

    private async Task<string> CreateAsync(string more = "") =>
        (string)(await ec2.CallAsync("CreateImage", $$"""{"InstanceId": "{{instance}}", "Name": "app"{{more}}}"""))["ImageId"]!;

    private async Task<string> StateAsync(string id) =>
        (string)(await ec2.CallAsync("DescribeImages", $$"""{"ImageIds": ["{{id}}"]}"""))["Images"]![0]!["State"]!;
}
