using System.Security.Cryptography;
using System.Text;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Local;

/// <summary>LocalCloud's built program.</summary>
/// <param name="folder">The folder of <c>LocalCloud.dll</c>, as the build leaves it.</param>
public sealed class LocalCloudProgram(string folder)
{
    private const string Assembly = "LocalCloud.dll";

    // Shims of running instances may call an older copy: the last few stay.
    private const int Kept = 4;

    private string? version;

    /// <summary>
    /// The version that this build calls itself when it runs: the first 16 hexadecimal digits of the SHA-256 over the lines
    /// <c>&lt;SHA-256&gt; &lt;path&gt;\n</c> of its <c>*.dll</c> and <c>*.json</c> files, sorted.
    /// </summary>
    /// <exception cref="PipelineException">The program has not been built.</exception>
    public string Version => version ??= VersionOf(folder);

    /// <summary>The program as built, for commands that end at once.</summary>
    public string BuiltAssembly => Path.Combine(folder, Assembly);

    /// <summary>
    /// The <c>dotnet</c> that runs this process, else the one in PATH.
    /// </summary>
    public static string DotnetHost =>
        Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>A copy below the state directory, so that a rebuild never overwrites a program that runs.</summary>
    /// <returns>The copied <c>LocalCloud.dll</c>.</returns>
    public string CopyInto(string stateDirectory)
    {
        var copies = Path.Combine(stateDirectory, "bin");
        var copy = Path.Combine(copies, Version);
        if (!File.Exists(Path.Combine(copy, Assembly)))
        {
            // Moved into place as a whole: a copy that was interrupted is never run.
            var temporary = Path.Combine(copies, $".{Version}-{Guid.NewGuid():n}");
            CopyFolder(folder, temporary);
            if (Directory.Exists(copy))
                Directory.Delete(copy, recursive: true);
            Directory.Move(temporary, copy);
        }

        Directory.SetLastWriteTimeUtc(copy, TimeProvider.System.GetUtcNow().UtcDateTime);
        foreach (var old in new DirectoryInfo(copies).GetDirectories().OrderByDescending(directory => directory.LastWriteTimeUtc).Skip(Kept))
            old.Delete(recursive: true);
        return Path.Combine(copy, Assembly);
    }

    private static string VersionOf(string folder)
    {
        if (!File.Exists(Path.Combine(folder, Assembly)))
        {
            throw new PipelineException(
                ErrorCode.LocalCloudFailed, $"LocalCloud is not built: there is no {Path.Combine(folder, Assembly)}.", hint: "./build.sh builds it before it runs.");
        }

        var lines = Files(folder)
            .Where(file => Path.GetExtension(file) is ".dll" or ".json")
            .Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, file))))} {file}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))))[..16];
    }

    private static IEnumerable<string> Files(string folder) => Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file))
        .Order(StringComparer.Ordinal);

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Files(from))
        {
            var target = Path.Combine(to, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(from, file), target);
        }
    }
}
