using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SyncStorage.Resilience.Harness;

/// <summary>
/// The bundles of two releases, made once for all clusters: this checkout's, and one that differs from it in a comment of its install
/// script, and so is another release.
/// </summary>
internal sealed class Bundles(CancellationToken stopping) : IDisposable
{
    private const string Manifest = "manifest.txt";
    private const string Changed = "install.sh";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("syncstorage-bundles-");
    private string? first, second;

    /// <summary>Makes what is not there yet.</summary>
    public async Task BuildAsync(bool both)
    {
        first ??= await BuildAsync();
        if (both) second ??= await DeriveAsync(first);
    }

    /// <summary>Makes one of them a checkout's.</summary>
    /// <returns>Its release.</returns>
    public string Use(CheckoutCopy checkout, int number)
    {
        checkout.UseBundle((number == 0 ? first : second) ?? throw new InvalidOperationException("That bundle is not built."));
        return checkout.OfBundle("release");
    }

    public void Dispose() => folder.Delete(recursive: true);

    private async Task<string> BuildAsync()
    {
        await using var settings = new Cluster { Stopping = stopping, LongestRun = TimeSpan.FromMinutes(10) };
        await settings.ExpectAsync(0, "Build-Webhead");
        return Path.Combine(Cluster.Root, "artifacts", "webhead");
    }

    private async Task<string> DeriveAsync(string from)
    {
        var (unpacked, made) = (folder.CreateSubdirectory("unpacked").FullName, folder.CreateSubdirectory("another").FullName);
        await using (var archive = File.OpenRead(Path.Combine(from, "bundle.tar.gz")))
        await using (var gzip = new GZipStream(archive, CompressionMode.Decompress))
            await TarFile.ExtractToDirectoryAsync(gzip, unpacked, overwriteFiles: false, stopping);
        await File.AppendAllTextAsync(Path.Combine(unpacked, Changed), "\n# Another release.\n", stopping);
        var lines = await File.ReadAllLinesAsync(Path.Combine(unpacked, Manifest), stopping);
        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(unpacked, Changed), stopping)));
        var text = string.Concat(lines.Select(line => (line.EndsWith($" {Changed}", StringComparison.Ordinal) ? hash + line[64..] : line) + "\n"));
        await File.WriteAllTextAsync(Path.Combine(unpacked, Manifest), text, stopping);
        var packed = Path.Combine(made, "bundle.tar.gz");
        await PackAsync(unpacked, [$"{hash} 0644 {Manifest}", .. lines], packed);
        await DescribeAsync(from, made, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), packed);
        return made;
    }

    // As the manifest's lines say: a digest, a mode and a path each.
    private async Task PackAsync(string unpacked, IEnumerable<string> lines, string packed)
    {
        await using var archive = File.Create(packed);
        await using var gzip = new GZipStream(archive, CompressionLevel.Fastest);
        await using var tar = new TarWriter(gzip, TarEntryFormat.Ustar);
        foreach (var part in lines.Select(line => line.Split(' ', 3)))
        {
            await using var content = File.OpenRead(Path.Combine(unpacked, part[2]));
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, part[2]) { Mode = (UnixFileMode)Convert.ToInt32(part[1], 8), DataStream = content }, stopping);
        }
    }

    private async Task DescribeAsync(string from, string made, string digest, string packed)
    {
        var description = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(from, "bundle.json"), stopping))!;
        var version = ((string)description["release"]!)[..^13];
        await using var archive = File.OpenRead(packed);
        description["release"] = $"{version}-{digest[..12]}";
        description["digest"] = digest;
        description["bytes"] = archive.Length;
        description["archiveDigest"] = Convert.ToHexStringLower(await SHA256.HashDataAsync(archive, stopping));
        await File.WriteAllTextAsync(Path.Combine(made, "bundle.json"), description.ToJsonString(), stopping);
    }
}
