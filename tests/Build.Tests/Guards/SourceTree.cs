using System.Xml.Linq;
using SyncStorage.Build.Hosting;

namespace SyncStorage.Build.Tests.Guards;

/// <summary>The repository's files, as guard tests see them.</summary>
internal static class SourceTree
{
    public static Repository Repository { get; } = Repository.Find();

    /// <summary>Every project's path from the root, with what it refers to: projects' paths, and stand-ins as theirs.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> References { get; } = Projects()
        .ToDictionary(project => project, ReferencesOf, StringComparer.Ordinal);

    public static string Read(string path) => File.ReadAllText(Repository.At(path));

    private static IEnumerable<string> Projects() =>
        Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith("artifacts/", StringComparison.Ordinal) && !path.StartsWith('.'));

    private static IReadOnlyList<string> ReferencesOf(string project)
    {
        var folder = Path.GetDirectoryName(Repository.At(project))!;
        var items = XDocument.Load(Repository.At(project)).Descendants();
        var projects = items.Where(item => item.Name.LocalName == "ProjectReference" && (string?)item.Attribute("ReferenceOutputAssembly") != "false")
            .Select(item => Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(folder, item.Attribute("Include")!.Value))).Replace('\\', '/'));
        var standIns = items.Where(item => item.Name.LocalName == "StandIn")
            .SelectMany(item => item.Attribute("Include")!.Value.Split(';'))
            .Select(name => $"src/StandIns/{name}/{name}.csproj");
        return [.. projects, .. standIns];
    }
}
