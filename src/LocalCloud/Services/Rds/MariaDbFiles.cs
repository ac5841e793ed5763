using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>Where an instance's files are, and how they are copied and packed.</summary>
internal sealed class MariaDbFiles(string stateDirectory)
{
    /// <summary>What a socket's path may be long, on Linux 108 bytes; a state directory can be deeper.</summary>
    private readonly string sockets = Path.Combine(Path.GetTempPath(), $"localcloud-{Short(stateDirectory)}");

    private const int NoSpaceLeft = 28;
    private const int LogTailBytes = 4096;

    /// <summary>What a template's files are; no file of a database.</summary>
    public const string Inventory = "localcloud.inventory";

    // Made anew at every start, or not a file that can be copied.
    private static readonly string[] NotKept = ["ibtmp1", "mariadb.pid", Inventory];

    public string Root
    {
        get
        {
            var root = Path.Combine(stateDirectory, "rds");
            Directory.CreateDirectory(root);
            return root;
        }
    }

    public string InstallLog => Path.Combine(Root, ".install.log");

    public string Of(string id) => Path.Combine(Root, id);

    public string Data(string id) => Path.Combine(Of(id), "data");

    public string Temporary(string id) => Path.Combine(Of(id), "tmp");

    public string Log(string id) => Path.Combine(Of(id), "mariadb.log");

    public string InitFile(string id) => Path.Combine(Of(id), "init.sql");

    public string AdministratorPassword(string id) => Path.Combine(Of(id), "administrator");

    /// <summary>In a directory that only this user can enter.</summary>
    public string Socket(string id)
    {
        PrivateFile.CreateDirectory(sockets);
        if (OthersMayWrite(sockets))
            throw new DatabaseFailedException("failed", $"{sockets} can be written by other users, so no database's socket is put there. Remove it.");
        return Path.Combine(sockets, $"{Short(id)}.sock");
    }

    /// <summary>Leaves nothing behind in the temporary directory once no server has a socket there.</summary>
    public void RemoveSocketsIfNone()
    {
        if (Directory.Exists(sockets) && !Directory.EnumerateFileSystemEntries(sockets).Any()) Directory.Delete(sockets);
    }

    public string Snapshot(string snapshotId)
    {
        var directory = Path.Combine(Root, ".snapshots");
        Directory.CreateDirectory(directory);
        return Path.Combine(directory, $"{snapshotId}.tar.gz");
    }

    public string SnapshotCopy(string snapshotId) => Snapshot(snapshotId) + ".tmp";

    /// <summary>One a version of MariaDB: an upgraded one makes its own.</summary>
    public static string TemplateName(MariaDbPrograms programs)
    {
        var server = new FileInfo(File.ResolveLinkTarget(programs.Server, returnFinalTarget: true)?.FullName ?? programs.Server);
        return $".template-{Short($"{server.FullName} {server.Length} {server.LastWriteTimeUtc.Ticks}")}";
    }

    public static void Copy(string from, string to, CancellationToken cancellationToken)
    {
        PrivateFile.CreateDirectory(to);
        foreach (var directory in Directory.EnumerateDirectories(from))
            Copy(directory, Path.Combine(to, Path.GetFileName(directory)), cancellationToken);
        foreach (var file in Directory.EnumerateFiles(from).Where(file => !NotKept.Contains(Path.GetFileName(file), StringComparer.Ordinal)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }

    /// <summary>Packs a directory; the archive appears when it is whole.</summary>
    public static async Task PackAsync(string directory, string archive, CancellationToken cancellationToken)
    {
        var unfinished = archive + ".part";
        await using (var file = new FileStream(unfinished, PrivateFile.Options(FileMode.Create)))
        await using (var zip = new GZipStream(file, CompressionLevel.Fastest))
        {
            await TarFile.CreateFromDirectoryAsync(directory, zip, includeBaseDirectory: false, cancellationToken);
        }

        File.Move(unfinished, archive, overwrite: true);
    }

    /// <summary>The last lines of a log, from a position on, in one line.</summary>
    public static string LastLines(string log, long from)
    {
        if (!File.Exists(log)) return "(there is no log)";
        using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = Math.Max(Math.Min(from, stream.Length), stream.Length - LogTailBytes);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        // Errors say why; without any, the end does.
        var errors = lines.Where(line => line.Contains("[ERROR]", StringComparison.Ordinal)).ToList();
        return string.Join(" | ", errors.Count > 0 ? errors.TakeLast(5) : lines.TakeLast(5));
    }

    public static DatabaseFailedException Explain(string id, IOException failure) => (failure.HResult & 0xFFFF) == NoSpaceLeft
        ? new("storage-full", $"No space is left on this machine for the files of {id}: {failure.Message}", failure)
        : new("failed", $"The files of {id} could not be written: {failure.Message}", failure);

    public static DatabaseFailedException Explain(string message) =>
        new(message.Contains("No space left on device", StringComparison.Ordinal) || message.Contains("Disk full", StringComparison.OrdinalIgnoreCase)
            ? "storage-full"
            : "failed", message);

    public static bool OthersMayWrite(string directory) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(directory) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;

    private static string Short(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
}
