using System.Net;
using Microsoft.Extensions.Time.Testing;
using SyncStorage.DatabaseNode.Engine;
using SyncStorage.DatabaseNode.Settings;

namespace SyncStorage.DatabaseNode.Tests.Engine;

internal sealed class VolumeMountTests
{
    private readonly List<string> ran = [];
    private readonly FakeTimeProvider time = new();
    private string root = "";

    [SetUp]
    public void MakeRoot() => root = Directory.CreateTempSubdirectory("dbnode-mount-").FullName;

    [TearDown]
    public void RemoveRoot() => Directory.Delete(root, recursive: true);

    [Test]
    public async Task MountAsync_NewVolume_GetsAFileSystem()
    {
        Attach();

        await Mount(mounted: 32, blkid: 2).MountAsync(CancellationToken.None);

        Assert.That(ran, Is.EqualTo(new[] { "mountpoint", "blkid", "mkfs.xfs", "mount" }));
    }

    [Test]
    public async Task MountAsync_VolumeWithAFileSystem_IsNeverFormatted()
    {
        Attach();

        await Mount(mounted: 32, blkid: 0).MountAsync(CancellationToken.None);

        Assert.That(ran, Is.EqualTo(new[] { "mountpoint", "blkid", "mount" }));
    }

    [Test]
    public async Task MountAsync_Mounted_DoesNothing()
    {
        await Mount(mounted: 0, blkid: 2).MountAsync(CancellationToken.None);

        Assert.That(ran, Is.EqualTo(new[] { "mountpoint" }));
    }

    [Test]
    public async Task MountAsync_WhatIsOnItCantBeTold_IsNotTouched()
    {
        Attach();

        var failure = await Assert.ThrowsAsync<DatabaseException>(() => Mount(mounted: 32, blkid: 4).MountAsync(CancellationToken.None));

        Assert.That(failure!.Message, Does.Contain("not touched"));
        Assert.That(ran, Has.None.EqualTo("mkfs.xfs").And.None.EqualTo("mount"));
    }

    [Test]
    public async Task MountAsync_NoVolumeComes_GivesUp()
    {
        var mounting = Mount(mounted: 32, blkid: 2).MountAsync(CancellationToken.None);

        while (!mounting.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }

        var failure = await Assert.ThrowsAsync<DatabaseException>(() => mounting);
        Assert.That(failure!.Message, Does.Contain("No volume was attached"));
    }

    private void Attach()
    {
        Directory.CreateDirectory(Path.Combine(root, "dev"));
        File.WriteAllText(Path.Combine(root, "dev", "sdf"), "");
    }

    private VolumeMount Mount(int mounted, int blkid)
    {
        var settings = new NodeSettings
        {
            Cluster = "sync2",
            Bucket = "b",
            Node = "db0",
            Address = IPAddress.Loopback,
            Port = 3306,
            Region = "us-east-1",
            VolumeId = "vol-1",
            Root = root,
        };
        return new VolumeMount(settings, time, (program, _, _) =>
        {
            ran.Add(program);
            return Task.FromResult(program switch { "mountpoint" => mounted, "blkid" => blkid, _ => 0 });
        });
    }
}
