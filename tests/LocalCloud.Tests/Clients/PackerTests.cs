using System.Text;
using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.LocalCloud.Tests.Elb;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Clients;

/// <summary>Packer's builder <c>amazon-ebs</c>.</summary>
[Category(Categories.Processes)]
[Parallelizable(ParallelScope.Self)]
[CancelAfter(300_000)]
internal sealed class PackerTests
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("packer-");

    private static LocalCloudFixture Cloud => SharedCloud.Cloud;

    [TearDown]
    public void Remove() => folder.Delete(recursive: true);

    [Test]
    public async Task Build_Image_HasWhatTheBuilderPutIn(CancellationToken cancellationToken)
    {
        var run = await BuildAsync(cancellationToken);
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        var built = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "manifest.json"), cancellationToken))!["builds"]![0]!;
        var ec2 = Cloud.Ec2();
        var image = (await ec2.DescribeImagesAsync(new DescribeImagesRequest { ImageIds = [built["artifact_id"]!.ToString().Split(':')[1]] }, cancellationToken)).Images.Single();
        var snapshot = (await ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { SnapshotIds = [image.BlockDeviceMappings[0].Ebs.SnapshotId] }, cancellationToken)).Snapshots.Single();
        var builder = (await ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [image.SourceInstanceId] }, cancellationToken)).Reservations.Single().Instances.Single();
        var groups = (await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest(), cancellationToken)).SecurityGroups;
        var keys = (await ec2.DescribeKeyPairsAsync(new DescribeKeyPairsRequest(), cancellationToken)).KeyPairs ?? [];

        using (Assert.EnterMultipleScope())
        {
            Assert.That((image.Name, image.Description, image.State.Value), Is.EqualTo(("packer-image", "made by packer", "available")));
            Assert.That(image.Tags.Select(tag => (tag.Key, tag.Value)), Does.Contain(("Client", "packer")));
            Assert.That(image.Tags.Single(tag => tag.Key == "Base").Value, Does.StartWith("al2023-ami-2023"));
            Assert.That(snapshot.Tags.Select(tag => (tag.Key, tag.Value)), Does.Contain(("Client", "packer")));
            Assert.That(builder.State.Name, Is.EqualTo(InstanceStateName.Terminated));
            Assert.That(groups.Select(group => group.GroupName), Has.None.StartsWith("packer_"), "it cleans up behind itself");
            Assert.That(keys.Select(key => key.KeyName), Has.None.StartsWith("packer_"));
            Assert.That(await ConsoleOfAsync(image.ImageId, cancellationToken), Does.Contain("made by packer"));
        }
    }

    private async Task<ClientRun> BuildAsync(CancellationToken cancellationToken)
    {
        var packer = ClientPrograms.Find("packer");
        var template = Path.Combine(TestContext.CurrentContext.TestDirectory, "Clients", "packer", "template.json");

        // Its waits look every two and every fifteen seconds unless they are told otherwise.
        var environment = new Dictionary<string, string>
        {
            ["AWS_POLL_DELAY_SECONDS"] = "1",
            ["AWS_MAX_ATTEMPTS"] = "60",
            ["PACKER_CONFIG_DIR"] = folder.FullName,
            ["PACKER_CACHE_DIR"] = folder.FullName,
            ["PACKER_NO_COLOR"] = "1",
            ["CHECKPOINT_DISABLE"] = "1",
        };
        string[] arguments = ["build", "-color=false", "-var", $"endpoint={SharedCloud.Endpoint}", template];
        var run = await ClientProcess.RunAsync(packer, arguments, folder.FullName, environment, cancellationToken);

        // From 1.10 on builders are plug-ins, which are fetched from elsewhere.
        if (run.ExitCode != 0 && $"{run}".Contains("amazon-ebs", StringComparison.Ordinal) && $"{run}".Contains("packer init", StringComparison.Ordinal))
            Assert.Ignore("This packer has no builder amazon-ebs: packer plugins install github.com/hashicorp/amazon");
        return run;
    }

    // What an instance of the image finds on its disk.
    private static async Task<string> ConsoleOfAsync(string image, CancellationToken cancellationToken)
    {
        var ec2 = Cloud.Ec2();
        var script = Convert.ToBase64String(Encoding.UTF8.GetBytes("#!/bin/sh\ncat \"$DESTDIR/opt/made\"\nshutdown -h now\n"));
        var id = (await ec2.RunInstancesAsync(new RunInstancesRequest { ImageId = image, InstanceType = InstanceType.T3Micro, MinCount = 1, MaxCount = 1, UserData = script }, cancellationToken))
            .Reservation.Instances[0].InstanceId;
        await Eventually.TrueAsync(async () => await StateAsync(id) == InstanceStateName.Stopped, $"{id} switches itself off");
        var output = (await ec2.GetConsoleOutputAsync(new GetConsoleOutputRequest { InstanceId = id }, cancellationToken)).Output;
        return Encoding.UTF8.GetString(Convert.FromBase64String(output));

        async Task<InstanceStateName> StateAsync(string instance) =>
            (await ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [instance] }, cancellationToken)).Reservations[0].Instances[0].State.Name;
    }
}
