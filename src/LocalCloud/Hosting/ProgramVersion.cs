using System.Security.Cryptography;
using System.Text;

namespace SyncStorage.LocalCloud.Hosting;

/// <summary>
/// The content of the executable's folder as one hash, so that who finds a LocalCloud running can tell whether it is
/// of this build: the first 16 hex digits of the SHA-256 over the lines <c>&lt;SHA-256 of the file&gt; &lt;relative path&gt;\n</c>
/// of all <c>*.dll</c> and <c>*.json</c> files, in ordinal order of their paths.
/// </summary>
internal static class ProgramVersion
{
    private static readonly Lazy<string> OfThisProgram = new(() => Of(AppContext.BaseDirectory));

    public static string Current => OfThisProgram.Value;

    public static string Of(string folder)
    {
        var lines = new StringBuilder();
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".dll" or ".json")
            .Select(file => (Path: file, Name: Path.GetRelativePath(folder, file).Replace('\\', '/')))
            .OrderBy(file => file.Name, StringComparer.Ordinal);
        foreach (var (path, name) in files)
        {
            using var stream = File.OpenRead(path);
            lines.Append(Convert.ToHexStringLower(SHA256.HashData(stream))).Append(' ').Append(name).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())))[..16];
    }
}
