using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SyncStorage.Resilience.Harness;

/// <summary>A bundle made from another by changing its files: another release, of the same sources.</summary>
internal static class DerivedBundle
{
    private const string Manifest = "manifest.txt";
    private const string Plain = "0644";

    /// <summary>Unpacks, changes and packs.</summary>
    /// <param name="from">The folder with <c>bundle.json</c> and <c>bundle.tar.gz</c>.</param>
    /// <param name="work">An empty folder, for this alone.</param>
    /// <param name="change">Gets the folder with the unpacked files.</param>
    /// <param name="stopping">Gives up.</param>
    /// <returns>The folder with both files of the new one.</returns>
    public static async Task<string> MakeAsync(string from, DirectoryInfo work, Action<string> change, CancellationToken stopping)
    {
        var (unpacked, made) = (work.CreateSubdirectory("unpacked").FullName, work.CreateSubdirectory("made").FullName);
        await using (var archive = File.OpenRead(Path.Combine(from, "bundle.tar.gz")))
        await using (var gzip = new GZipStream(archive, CompressionMode.Decompress))
            await TarFile.ExtractToDirectoryAsync(gzip, unpacked, overwriteFiles: false, stopping);
        var modes = (await File.ReadAllLinesAsync(Path.Combine(unpacked, Manifest), stopping)).Select(line => line.Split(' ', 3)).ToDictionary(parts => parts[2], parts => parts[1]);
        change(unpacked);
        var files = Directory.EnumerateFiles(unpacked, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(unpacked, file))
            .Where(path => path != Manifest).Order(StringComparer.Ordinal).Select(path => (Path: path, Mode: modes.GetValueOrDefault(path, Plain))).ToList();
        var text = string.Concat(files.Select(file => $"{Hash(Path.Combine(unpacked, file.Path))} {file.Mode} {file.Path}\n"));
        await File.WriteAllTextAsync(Path.Combine(unpacked, Manifest), text, stopping);
        var packed = Path.Combine(made, "bundle.tar.gz");
        await PackAsync(unpacked, [(Manifest, Plain), .. files], packed, stopping);
        await DescribeAsync(from, made, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), packed, files.Count + 1, stopping);
        return made;
    }

    private static string Hash(string file)
    {
        using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    private static async Task PackAsync(string unpacked, IEnumerable<(string Path, string Mode)> files, string packed, CancellationToken stopping)
    {
        await using var archive = File.Create(packed);
        await using var gzip = new GZipStream(archive, CompressionLevel.Fastest);
        await using var tar = new TarWriter(gzip, TarEntryFormat.Ustar);
        foreach (var (path, mode) in files)
        {
            await using var content = File.OpenRead(Path.Combine(unpacked, path));
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, path) { Mode = (UnixFileMode)Convert.ToInt32(mode, 8), DataStream = content }, stopping);
        }
    }

    private static async Task DescribeAsync(string from, string made, string digest, string packed, int files, CancellationToken stopping)
    {
        var description = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(from, "bundle.json"), stopping))!;
        var version = ((string)description["release"]!)[..^13];
        await using var archive = File.OpenRead(packed);
        description["release"] = $"{version}-{digest[..12]}";
        description["digest"] = digest;
        description["bytes"] = archive.Length;
        description["files"] = files;
        description["compatibility"] = await CompatibilityAsync(Path.Combine(Path.GetDirectoryName(made)!, "unpacked", "webhead", "compatibility.json"), stopping);
        description["archiveDigest"] = Convert.ToHexStringLower(await SHA256.HashDataAsync(archive, stopping));
        await File.WriteAllTextAsync(Path.Combine(made, "bundle.json"), description.ToJsonString(), stopping);
    }

    private static async Task<JsonNode> CompatibilityAsync(string file, CancellationToken stopping)
    {
        var ranges = JsonNode.Parse(await File.ReadAllTextAsync(file, stopping))!.AsObject();
        foreach (var (_, range) in ranges) range!["tag"] = $"{range["min"]}-{range["max"]}";
        return ranges;
    }
}
