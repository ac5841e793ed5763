using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Services.Ec2.Machines;

namespace SyncStorage.LocalCloud.Services.Ec2.Storage;

/// <summary>
/// What is on volumes and in snapshots: directories that outlive instances. A new volume has no file system; one is made on it, or comes with the
/// snapshot that it is made of. Its instance knows an attached volume as a device: a link in its <c>/dev</c>.
/// </summary>
/// <param name="stateDirectory">LocalCloud's.</param>
internal sealed class VolumeDisks(string stateDirectory)
{
    private string Volumes => Path.Combine(stateDirectory, "volumes");

    private string Snapshots => Path.Combine(stateDirectory, "snapshots");

    /// <summary>Makes a volume's directory, with what a snapshot holds if one is named.</summary>
    /// <exception cref="IOException">It could not be made whole; nothing of it is left.</exception>
    public void Create(string volumeId, string? snapshotId)
    {
        if (snapshotId is null) PrivateFile.CreateDirectory(Volume(volumeId));
        else CopyWhole(Snapshot(snapshotId), Volume(volumeId));
    }

    /// <summary>Copies a volume as it is now.</summary>
    /// <exception cref="IOException">It could not be copied whole; nothing of the copy is left.</exception>
    public void CreateSnapshot(string volumeId, string snapshotId) => CopyWhole(Volume(volumeId), Snapshot(snapshotId));

    /// <summary>Whether a snapshot is one of a volume: images' are not kept here.</summary>
    public bool HasSnapshot(string snapshotId) => Directory.Exists(Snapshot(snapshotId));

    public void Delete(string volumeId) => DiskTree.Delete(Volume(volumeId));

    public void DeleteSnapshot(string snapshotId) => DiskTree.Delete(Snapshot(snapshotId));

    /// <summary>Shows a volume to an instance, as a device.</summary>
    /// <param name="volumeId">The volume.</param>
    /// <param name="root">The instance's root directory.</param>
    /// <param name="device">E.g. <c>/dev/sdf</c>.</param>
    public void Attach(string volumeId, string root, string device)
    {
        var path = Path.Combine(root, device.TrimStart('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
        File.CreateSymbolicLink(path, Volume(volumeId));
    }

    /// <summary>The volume that is a device, or null if nothing is attached there.</summary>
    public VolumeFiles? At(string devicePath) =>
        new FileInfo(devicePath).LinkTarget is { } target && Path.GetDirectoryName(target) == Volumes && Directory.Exists(target) ? new VolumeFiles(target) : null;

    private string Volume(string id) => Path.Combine(Volumes, id);

    private string Snapshot(string id) => Path.Combine(Snapshots, id);

    // Beside its place first: half a copy must never be taken for a whole one.
    private static void CopyWhole(string source, string destination)
    {
        var unfinished = destination + ".part";
        DiskTree.Delete(unfinished);
        PrivateFile.CreateDirectory(unfinished);
        try
        {
            DiskTree.CopyAll(source, unfinished);
            Directory.Move(unfinished, destination);
        }
        catch
        {
            DiskTree.Delete(unfinished);
            throw;
        }
    }
}

/// <summary>One volume, as the programs that make and mount file systems see it.</summary>
/// <param name="Directory">Its directory.</param>
internal sealed record VolumeFiles(string Directory)
{
    /// <summary>The files that its file system has; only there if it has one.</summary>
    public string Files => Path.Combine(Directory, "files");

    /// <summary>The type of its file system, e.g. <c>xfs</c>; null if it has none.</summary>
    public string? Type => File.Exists(TypeFile) ? File.ReadAllText(TypeFile).Trim() : null;

    private string TypeFile => Path.Combine(Directory, "type");

    /// <summary>Makes an empty file system; what was there is lost.</summary>
    public void Format(string type)
    {
        DiskTree.Delete(Files);
        System.IO.Directory.CreateDirectory(Files);
        File.WriteAllText(TypeFile, type + "\n");
    }
}
