using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.State;

namespace SyncStorage.Pipeline.History;

/// <summary>History: the deployments of the cluster, newest first, as a table or as JSON.</summary>
public sealed class HistoryTarget(DeploymentHistory history, RunOptions options, RunReport report, IAnsiConsole console)
{
    private const int Most = 50;

    /// <summary>Prints them.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var entries = await history.ReadAsync(Most, cancellationToken);
        if (options.Json)
        {
            report.Answer = JsonSerializer.Serialize(entries, StateObjects.Json);
            return;
        }

        if (entries.Count == 0) console.MarkupLine("Nothing has been deployed yet, or nothing that changed anything.");
        else console.Write(Table(entries));
    }

    private static Table Table(IReadOnlyList<HistoryEntry> entries)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in new[] { "started (UTC)", "what", "outcome", "release", "configuration", "took", "who", "commit", "deployment" })
            table.AddColumn(new TableColumn($"[grey]{column}[/]") { NoWrap = true });
        foreach (var entry in entries)
        {
            var colour = entry.Outcome == "succeeded" ? "green" : "red";
            table.AddRow(
                entry.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                Markup.Escape(entry.Target),
                $"[{colour}]{Markup.Escape(entry.Outcome)}[/]{(entry.Runs > 1 ? $" in {entry.Runs} runs" : "")}",
                Markup.Escape(entry.TokenServerRelease is { } tokens ? $"{entry.Release ?? "-"}, token server {tokens}" : entry.Release ?? "-"),
                entry.Configuration?.ToString(CultureInfo.InvariantCulture) ?? "-",
                (entry.EndedAt - entry.StartedAt).ForPeople(),
                Markup.Escape(entry.Who),
                Markup.Escape(Short(entry.Commit)),
                entry.Deployment);
        }

        return table;
    }

    private static string Short(string? commit) => commit switch
    {
        null => "-",
        { Length: > 12 } long12 when long12.Contains('+', StringComparison.Ordinal) => long12[..12] + "+",
        { Length: > 12 } other => other[..12],
        _ => commit,
    };
}
