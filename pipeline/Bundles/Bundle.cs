using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace SyncStorage.Pipeline.Bundles;

/// <summary>A release's packaged files, as <c>artifacts/webhead/bundle.json</c> describes them.</summary>
/// <param name="Release"><c>&lt;version&gt;-&lt;first 12 hexadecimal digits of the digest&gt;</c>.</param>
/// <param name="Digest">SHA-256 of the manifest, 64 hexadecimal digits: the same source gives the same digest.</param>
/// <param name="Architecture"><c>x86_64</c> or <c>arm64</c>.</param>
/// <param name="Bytes">The archive's size.</param>
/// <param name="Files">How many files it holds.</param>
public sealed record Bundle(string Release, string Digest, string Architecture, long Bytes, int Files)
{
    /// <summary>SHA-256 of the archive's bytes, 64 hexadecimal digits.</summary>
    public string ArchiveDigest { get; init; } = "";

    /// <summary>What it was published from, 64 hexadecimal digits: while the sources have this digest, there is nothing to compile.</summary>
    public string SourceDigest { get; init; } = "";

    /// <summary>What the release works with; null in a bundle of a time when releases did not declare it.</summary>
    public Compatibility? Compatibility { get; init; }

    /// <summary>The archive, absolute.</summary>
    [JsonIgnore]
    public string ArchivePath { get; init; } = "";

    /// <summary>The archive's key in the cluster's bucket.</summary>
    [JsonIgnore]
    public string ObjectKey => $"bundles/{Digest}.tar.gz";

    /// <summary>SHA-256 of a file, 64 hexadecimal digits.</summary>
    public static async Task<string> DigestOfAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }
}
