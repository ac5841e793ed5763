using System.Formats.Tar;
using System.IO.Compression;
using SyncStorage.Pipeline.Bundles;

namespace SyncStorage.Pipeline.Tests.Bundles;

public sealed class BundleTests
{
    private DirectoryInfo folder = null!;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("bundle");

    [TearDown]
    public void RemoveFolder() => folder.Delete(recursive: true);

    [Test]
    public void Digest_SameContentFromAnotherFolderInAnotherOrder_IsTheSame()
    {
        var first = Manifest("first", ("b.txt", "two"), ("a.txt", "one"));
        var second = Manifest("second", ("a.txt", "one"), ("b.txt", "two"));

        Assert.That(second.Digest, Is.EqualTo(first.Digest));
    }

    [Test]
    public void Digest_OtherContentOrOtherName_Differs()
    {
        var digests = new[] { Manifest("one", ("a.txt", "one")), Manifest("two", ("a.txt", "two")), Manifest("three", ("b.txt", "one")) }.Select(manifest => manifest.Digest);

        Assert.That(digests, Is.Unique);
    }

    [Test]
    public async Task Write_TwiceAtDifferentTimes_GivesTheSameBytes()
    {
        var paths = new[] { "one.tar.gz", "two.tar.gz" }.Select(name => Path.Combine(folder.FullName, name)).ToArray();
        var manifest = Manifest("files", ("install.sh", "echo"), ("webhead/webhead", "binary"));

        await BundleArchive.WriteAsync(manifest, paths[0], CancellationToken.None);
        File.SetLastWriteTimeUtc(manifest.Entries[0].Source, DateTime.UnixEpoch.AddYears(40));
        await BundleArchive.WriteAsync(manifest, paths[1], CancellationToken.None);

        Assert.That(await File.ReadAllBytesAsync(paths[1]), Is.EqualTo(await File.ReadAllBytesAsync(paths[0])));
    }

    [Test]
    public async Task Write_Archive_HoldsManifestAndFilesWithNormalisedModes()
    {
        var path = Path.Combine(folder.FullName, "bundle.tar.gz");
        var manifest = Manifest("files", ("install.sh", "echo"), ("readme.txt", "text"));

        await BundleArchive.WriteAsync(manifest, path, CancellationToken.None);

        await using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        var entries = new Dictionary<string, UnixFileMode>();
        while (await tar.GetNextEntryAsync() is { } entry) entries[entry.Name] = entry.Mode;
        Assert.That(entries, Is.EquivalentTo(new Dictionary<string, UnixFileMode>
        {
            ["manifest.txt"] = BundleEntry.Plain,
            ["install.sh"] = BundleEntry.Executable,
            ["readme.txt"] = BundleEntry.Plain,
        }));
    }

    private BundleManifest Manifest(string name, params (string Path, string Text)[] files)
    {
        var root = Path.Combine(folder.FullName, name);
        foreach (var (path, text) in files)
        {
            var file = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        return new BundleManifest(BundleManifest.Below(root, "", path => path == "install.sh"));
    }
}
