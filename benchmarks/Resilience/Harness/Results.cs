using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.Resilience.Harness;

/// <summary>The tables that are kept beside the benchmarks.</summary>
internal static class Results
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    // What does not change how a deployment goes.
    private static readonly string[] Sources = [".", ":!benchmarks", ":!tests", ":!docs", ":!*.md"];

    /// <summary>What these results are of: the commit that is checked out, and whether anything differs from it.</summary>
    public static string Commit { get; } = Git("rev-parse", "HEAD") + (Git(["status", "--porcelain", "--", .. Sources]).Length == 0 ? "" : "-dirty");

    /// <summary>Whether results of that commit are as good as new ones.</summary>
    public static bool IsAsGood(string? commit) => commit == Commit || (commit is not null && !commit.Contains('-', StringComparison.Ordinal)
        && !Commit.Contains('-', StringComparison.Ordinal) && Git(["diff", "--stat", commit, Commit, "--", .. Sources]).Length == 0);

    /// <summary>The last results of a target; null if there are none.</summary>
    public static JsonNode? Load(string file)
    {
        var path = Path.Combine(Cluster.Root, "benchmarks", "results", file);
        return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) : null;
    }

    /// <summary>Replaces the last results of a target.</summary>
    /// <param name="file">The file's name below <c>benchmarks/results</c>.</param>
    /// <param name="command">The command that made them.</param>
    /// <param name="rows">The table.</param>
    /// <param name="commit">What most of it is of; null for what is checked out.</param>
    public static async Task SaveAsync<T>(string file, string command, IReadOnlyList<T> rows, string? commit = null)
    {
        var results = new JsonObject
        {
            ["command"] = command,
            ["date"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["commit"] = commit ?? Commit,
            ["machine"] = $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB",
            ["rows"] = new JsonArray([.. rows.Select(row => JsonSerializer.SerializeToNode(row, JsonSerializerOptions.Web))]),
        };
        await File.WriteAllTextAsync(Path.Combine(Cluster.Root, "benchmarks", "results", file), results.ToJsonString(Indented) + "\n");
    }

    private static string Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", Cluster.Root, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var answer = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return git.ExitCode == 0 ? answer : "unknown";
    }
}
