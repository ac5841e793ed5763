using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Ec2;

/// <summary>Volumes as instances use them: formatted once, mounted, and there again for the next instance.</summary>
[Category(Categories.Processes)]
[SupportedOSPlatform("linux")]
[CancelAfter(60_000)]
internal sealed class VolumeBootTests : BootedInstances
{
    // Two counters, of which the second is never ahead of the first: a copy in which it is was not made at one point in time.
    private const string UserData =
        """
        #!/bin/sh
        set -eu
        device="$DESTDIR/dev/sdf"
        data="$DESTDIR/srv/data"
        mkdir -p "$data"
        tries=0
        until [ -e "$device" ]; do tries=$((tries + 1)); [ "$tries" -lt 1000 ]; sleep 0.02; done
        blkid "$device" > /dev/null || mkfs.xfs -q "$device"
        mountpoint -q "$data" && exit 3
        mount -o noatime "$device" "$data"
        mountpoint -q "$data"
        echo "boot" >> "$data/boots"
        echo ready
        n=0
        while :; do n=$((n + 1)); echo "$n" > "$data/first"; echo "$n" > "$data/second"; done
        """;

    [Test]
    public async Task AttachVolume_ToTheNextInstance_HasWhatTheFirstWrote(CancellationToken cancellationToken)
    {
        var volume = await CreateAsync(snapshot: null, cancellationToken);
        var first = await LaunchAsync(volume, cancellationToken);
        await Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [first] }, cancellationToken);
        await UntilAsync(async () => (await VolumeAsync(volume, cancellationToken)).State == VolumeState.Available, cancellationToken);

        await LaunchAsync(volume, cancellationToken);

        Assert.That(await File.ReadAllTextAsync(Path.Combine(FilesOf(volume), "boots"), cancellationToken), Is.EqualTo("boot\nboot\n"));
        Assert.That(Directory.Exists(Root(first)), Is.False, "what the first started from is gone");
    }

    [Test]
    public async Task CreateSnapshot_WhileTheInstanceWrites_IsOfOnePointInTime(CancellationToken cancellationToken)
    {
        var volume = await CreateAsync(snapshot: null, cancellationToken);
        var writer = await LaunchAsync(volume, cancellationToken);

        for (var times = 0; times < 5; times++)
        {
            var snapshot = (await Ec2.CreateSnapshotAsync(new CreateSnapshotRequest { VolumeId = volume }, cancellationToken)).Snapshot.SnapshotId;
            var copy = FilesOf(await CreateAsync(snapshot, cancellationToken));

            // A shell empties a file before it writes to it.
            var (one, two) = (Number(copy, "first"), Number(copy, "second"));
            Assert.That(one is null || two is null || one == two || one == two + 1, $"{one} and {two}");
        }

        var seen = Number(FilesOf(volume), "first") ?? 0;
        await UntilAsync(() => Task.FromResult(Number(FilesOf(volume), "first") > seen), cancellationToken);
        Assert.That(Directory.Exists(Root(writer)), "the instance goes on");
    }

    private static int? Number(string directory, string file) =>
        int.TryParse(File.ReadAllText(Path.Combine(directory, file)), NumberStyles.None | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null;

    private string FilesOf(string volume) => Path.Combine(Cloud.StateDirectory, "volumes", volume, "files");

    private async Task<string> CreateAsync(string? snapshot, CancellationToken cancellationToken) => (await Ec2.CreateVolumeAsync(
        new CreateVolumeRequest { AvailabilityZone = "us-east-1a", Size = snapshot is null ? 20 : null, SnapshotId = snapshot, Encrypted = true }, cancellationToken)).Volume.VolumeId;

    private async Task<Volume> VolumeAsync(string id, CancellationToken cancellationToken) =>
        (await Ec2.DescribeVolumesAsync(new DescribeVolumesRequest { VolumeIds = [id] }, cancellationToken)).Volumes[0];

    private async Task<string> LaunchAsync(string volume, CancellationToken cancellationToken)
    {
        var id = await LaunchAsync(BaseImage, UserData, cancellationToken, zone: "us-east-1a");
        await UntilAsync(async () => (await DescribeAsync(id, cancellationToken)).State.Name == InstanceStateName.Running, cancellationToken);
        await Ec2.AttachVolumeAsync(new AttachVolumeRequest { VolumeId = volume, InstanceId = id, Device = "/dev/sdf" }, cancellationToken);
        await UntilAsync(async () => (await ConsoleAsync(id, cancellationToken)).Contains("\nready\n", StringComparison.Ordinal), cancellationToken);
        return id;
    }

    private async Task<string> ConsoleAsync(string id, CancellationToken cancellationToken) => Encoding.UTF8.GetString(Convert.FromBase64String(
        (await Ec2.GetConsoleOutputAsync(new GetConsoleOutputRequest { InstanceId = id }, cancellationToken)).Output));

    private static async Task UntilAsync(Func<Task<bool>> holds, CancellationToken cancellationToken)
    {
        while (!await holds()) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
    }
}
