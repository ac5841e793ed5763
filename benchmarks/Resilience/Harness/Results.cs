using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.Resilience.Harness;

/// <summary>The tables that are kept beside the benchmarks.</summary>
internal static class Results
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Replaces the last results of a target.</summary>
    /// <param name="file">The file's name below <c>benchmarks/results</c>.</param>
    /// <param name="command">The command that made them.</param>
    /// <param name="rows">The table.</param>
    public static async Task SaveAsync<T>(string file, string command, IReadOnlyList<T> rows)
    {
        var results = new JsonObject
        {
            ["command"] = command,
            ["date"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["machine"] = $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB",
            ["rows"] = new JsonArray([.. rows.Select(row => JsonSerializer.SerializeToNode(row, JsonSerializerOptions.Web))]),
        };
        await File.WriteAllTextAsync(Path.Combine(Cluster.Root, "benchmarks", "results", file), results.ToJsonString(Indented) + "\n");
    }
}
