using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace SyncStorage.Pipeline.Bundles;

/// <summary>Writes a bundle as a tar.gz whose bytes depend on nothing but the manifest: no time, no owner, no order of the disk.</summary>
public static class BundleArchive
{
    /// <summary>Writes the archive beside its place and moves it there, so that half an archive is never seen.</summary>
    /// <param name="manifest">What goes in.</param>
    /// <param name="path">Absolute path.</param>
    /// <param name="cancellationToken">Leaves nothing behind.</param>
    public static async Task WriteAsync(BundleManifest manifest, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var temporary = path + ".tmp";
        try
        {
            await using (var file = File.Create(temporary))
            await using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
            await using (var tar = new TarWriter(gzip, TarEntryFormat.Ustar))
            {
                using var text = new MemoryStream(Encoding.UTF8.GetBytes(manifest.Text));
                await tar.WriteEntryAsync(Entry(BundleManifest.FileName, BundleEntry.Plain, text), cancellationToken);
                foreach (var entry in manifest.Entries)
                {
                    await using var content = File.OpenRead(entry.Source);
                    await tar.WriteEntryAsync(Entry(entry.Path, entry.Mode, content), cancellationToken);
                }
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static UstarTarEntry Entry(string path, UnixFileMode mode, Stream content) => new(TarEntryType.RegularFile, path)
    {
        Mode = mode,
        ModificationTime = DateTimeOffset.UnixEpoch,
        DataStream = content,
    };
}
