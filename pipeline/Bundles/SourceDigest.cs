using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace SyncStorage.Pipeline.Bundles;

/// <summary>
/// What a publish is made from, as a digest: all sources and all files that steer the build, whether the webhead needs them or not, so that
/// nothing is missed. While it is the same, there is nothing to compile.
/// </summary>
internal static class SourceDigest
{
    private static readonly string[] Steering = ["global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", ".editorconfig", "BannedSymbols.txt"];
    private static readonly string[] Made = ["bin", "obj"];

    /// <summary>SHA-256 over paths and contents, the architecture and the runtime, 64 hexadecimal digits.</summary>
    /// <param name="repository">The repository's folder.</param>
    /// <param name="architecture">What it is built for.</param>
    public static string Of(string repository, string architecture)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(Encoding.UTF8.GetBytes($"{architecture}\n{RuntimeInformation.FrameworkDescription}\n"));
        var files = Steering.Select(name => Path.Combine(repository, name)).Where(File.Exists).Concat(Below(Path.Combine(repository, "src")));
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            digest.AppendData(Encoding.UTF8.GetBytes($"{Path.GetRelativePath(repository, file)}\n"));
            digest.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    private static IEnumerable<string> Below(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder).Where(child => !Made.Contains(Path.GetFileName(child))).SelectMany(Below));
}
