using System.Security.Cryptography;
using System.Text;

namespace SyncStorage.Pipeline.Bundles;

/// <summary>One file of a bundle.</summary>
/// <param name="Path">Its path in the bundle, with <c>/</c>.</param>
/// <param name="Mode">0644 or 0755: normalised, since the modes of a publish are mixed.</param>
/// <param name="Source">Where it is on this machine.</param>
/// <param name="Sha256">Of its content, lowercase hexadecimal.</param>
public sealed record BundleEntry(string Path, UnixFileMode Mode, string Source, string Sha256)
{
    /// <summary>The mode of files that are run.</summary>
    public const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The mode of all other files.</summary>
    public const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
}

/// <summary>
/// The sorted list of a bundle's files. Its digest is over path, mode and content, not over the archive: neither the
/// compressor nor the time of the build is in it.
/// </summary>
/// <param name="entries">The files, in any order.</param>
public sealed class BundleManifest(IEnumerable<BundleEntry> entries)
{
    /// <summary>The name of the manifest in the bundle.</summary>
    public const string FileName = "manifest.txt";

    /// <summary>The files, sorted by path.</summary>
    public IReadOnlyList<BundleEntry> Entries { get; } = [.. entries.OrderBy(entry => entry.Path, StringComparer.Ordinal)];

    /// <summary>One line a file: digest, mode in octal, path.</summary>
    public string Text =>
        string.Concat(Entries.Select(entry => $"{entry.Sha256} {Convert.ToString((int)entry.Mode, 8).PadLeft(4, '0')} {entry.Path}\n"));

    /// <summary>SHA-256 of <see cref="Text"/>, lowercase hexadecimal.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>Reads the files below a directory, under <paramref name="prefix"/> in the bundle.</summary>
    /// <param name="directory">Absolute path.</param>
    /// <param name="prefix">Empty, or a path ending in <c>/</c>.</param>
    /// <param name="isExecutable">Tells by the path in the bundle.</param>
    public static IEnumerable<BundleEntry> Below(string directory, string prefix, Func<string, bool> isExecutable)
    {
        ArgumentNullException.ThrowIfNull(isExecutable);
        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            var path = prefix + System.IO.Path.GetRelativePath(directory, file).Replace('\\', '/');
            using var stream = File.OpenRead(file);
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(stream));
            yield return new BundleEntry(path, isExecutable(path) ? BundleEntry.Executable : BundleEntry.Plain, file, sha256);
        }
    }
}
