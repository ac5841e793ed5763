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
    /// <summary>The archive, absolute.</summary>
    [JsonIgnore]
    public string ArchivePath { get; init; } = "";

    /// <summary>The archive's key in the cluster's bucket.</summary>
    [JsonIgnore]
    public string ObjectKey => $"bundles/{Digest}.tar.gz";
}
