using SyncStorage.LocalCloud.Services.Ec2.Storage;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines.Control;

/// <summary>
/// The commands that make and mount file systems, as far as an instance's scripts use them for its volumes. What is mounted is a link to the volume's
/// files in the place of an empty directory.
/// </summary>
internal sealed class DiskCommands(MachinePaths paths, VolumeDisks disks)
{
    private const int NotMounted = 32;

    private static readonly string[] WithValue = ["-L", "-o", "-s", "-t"];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["blkid", "mkfs.xfs", "mkfs.ext4", "mount", "umount", "mountpoint"];

    public ControlReply Run(string command, IReadOnlyList<string> arguments)
    {
        var words = arguments.Where((argument, index) => !argument.StartsWith('-') && (index == 0 || !WithValue.Contains(arguments[index - 1]))).ToList();
        return (command, words) switch
        {
            ("blkid", [var device]) => disks.At(Below(device))?.Type is { } type ? new ControlReply(0, $"{device}: TYPE=\"{type}\"\n") : new ControlReply(2),
            ("mkfs.xfs" or "mkfs.ext4", [var device]) => Format(device, command[5..], force: arguments.Contains("-f") || arguments.Contains("-F")),
            ("mount", [var device, var directory]) => Mount(device, directory),
            ("umount", [var directory]) => Unmount(directory),
            ("mountpoint", [var directory]) => IsMounted(Below(directory)) ? ControlReply.Done : new ControlReply(NotMounted),
            _ => ControlReply.Failed($"{command}: LocalCloud's takes {(command == "mount" ? "a device and a directory" : "one argument")}, and not: {string.Join(' ', words)}"),
        };
    }

    private ControlReply Format(string device, string type, bool force)
    {
        if (disks.At(Below(device)) is not { } volume) return ControlReply.Failed($"{device}: No such file or directory");
        if (volume.Type is { } there && !force) return ControlReply.Failed($"mkfs.{type}: {device} appears to contain an existing filesystem ({there}).");
        volume.Format(type);
        return ControlReply.Done;
    }

    private ControlReply Mount(string device, string directory)
    {
        var place = Below(directory);
        if (disks.At(Below(device)) is not { } volume) return ControlReply.Failed($"mount: {directory}: special device {device} does not exist.", NotMounted);
        if (volume.Type is null) return ControlReply.Failed($"mount: {directory}: wrong fs type, bad option, bad superblock on {device}.", NotMounted);
        if (IsMounted(place)) return ControlReply.Failed($"mount: {directory}: something is mounted there already.", NotMounted);
        if (!Directory.Exists(place)) return ControlReply.Failed($"mount: {directory}: mount point does not exist.", NotMounted);
        if (Directory.EnumerateFileSystemEntries(place).Any()) return ControlReply.Failed($"mount: {directory}: LocalCloud mounts on empty directories only.", NotMounted);
        Directory.Delete(place);
        Directory.CreateSymbolicLink(place, volume.Files);
        return ControlReply.Done;
    }

    private ControlReply Unmount(string directory)
    {
        var place = Below(directory);
        if (!IsMounted(place)) return ControlReply.Failed($"umount: {directory}: not mounted.", NotMounted);
        Directory.Delete(place);
        Directory.CreateDirectory(place);
        return ControlReply.Done;
    }

    private static bool IsMounted(string place) => new DirectoryInfo(place).LinkTarget is not null;

    // Scripts write paths with DESTDIR in front, or as the instance knows them.
    private string Below(string path) => paths.Below(path.StartsWith(paths.Root + "/", StringComparison.Ordinal) ? path[paths.Root.Length..] : path);
}
