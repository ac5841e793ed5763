using System.Globalization;
using Spectre.Console;
using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Pipeline.Reporting;

/// <summary>Prints what runs.</summary>
public static class SummaryTable
{
    private const string None = "-";
    private const int Wide = 115;

    /// <summary>Prints webheads, then databases and cache, then the URL, then what is known of deployments and drift.</summary>
    /// <param name="console">The one console.</param>
    /// <param name="summary">What runs.</param>
    /// <param name="now">For ages.</param>
    public static void WriteSummary(this IAnsiConsole console, ClusterSummary summary, DateTimeOffset now)
    {
        var wide = console.Profile.Width >= Wide;
        console.Write(Fleet("webhead", summary.Webheads, summary.Configuration, now, wide));
        if (summary.TokenServer is { } tokens) console.Write(Fleet("token server", tokens.Instances, tokens.Configuration, now, wide));
        console.Write(DataStores(summary));
        foreach (var unknown in summary.Unknown) console.MarkupLineInterpolated($"[yellow]not known:[/] {unknown}");
        if (summary.Url is { } url) console.MarkupLineInterpolated($"The cluster serves at [bold]{url}[/]");
        if (summary.TokenServer?.Url is { } tokenUrl) console.MarkupLineInterpolated($"The token server serves at [bold]{tokenUrl}[/]");
        if (summary.Drift is not null) WriteState(console, summary, summary.Drift);
    }

    private static void WriteState(IAnsiConsole console, ClusterSummary summary, IReadOnlyList<PlannedChange> drift)
    {
        console.MarkupLineInterpolated($"Configuration: {(summary.Configuration is { } version ? $"version {version}" : "none is published")}");
        console.MarkupLineInterpolated($"Deploy lock: {summary.Lock ?? "free"}");
        foreach (var rotation in summary.Rotations) console.MarkupLineInterpolated($"[yellow]Unfinished:[/] {rotation}");
        if (summary.Unfinished is { } unfinished) console.MarkupLineInterpolated($"[yellow]Unfinished:[/] {unfinished}");
        if (summary.Alarms is { } alarms)
        {
            var ringing = alarms.Where(alarm => alarm.State == "ALARM").ToList();
            console.MarkupLineInterpolated($"Alarms: {(ringing.Count == 0 ? $"none of {alarms.Count} rings" : $"{ringing.Count} of {alarms.Count} ring")}");
            foreach (var alarm in ringing) console.MarkupLineInterpolated($"[red]{alarm.Name}:[/] {alarm.Reason}");
        }

        console.MarkupLine(drift.Count == 0 ? "Drift: none" : "[yellow]Drift[/] from what the settings say; ./build.sh --target=Deploy puts it back:");
        console.WriteChanges(drift);
        foreach (var part in summary.NotCompared) console.MarkupLineInterpolated($"[grey]not compared:[/] {part}");
    }

    // Ids are copied: on a narrow terminal columns go, and no id is broken.
    private static Table Fleet(string noun, IReadOnlyList<SummaryWebhead> fleet, int? version, DateTimeOffset now, bool wide)
    {
        var table = wide
            ? Table(noun, "zone", "address", "release", "load balancer", "heartbeat", "configuration", "age")
            : Table(noun, "release", "load balancer", "heartbeat", "age");
        table.Columns[wide ? 4 : 2].NoWrap = false;
        table.Columns[wide ? 5 : 3].NoWrap = false;
        foreach (var webhead in fleet)
        {
            string[] where = wide ? [Cell(webhead.Zone), Cell(webhead.Address)] : [];
            string[] configuration = wide ? [Good(webhead.Configuration?.ToString(CultureInfo.InvariantCulture), webhead.Configuration == version)] : [];
            table.AddRow(
            [
                Cell(webhead.Id), .. where, Cell(webhead.Release), Good(webhead.Verdict, webhead.IsServing), Good(webhead.Heartbeat, webhead.Heartbeat == "ok"),
                .. configuration, Cell(webhead.LaunchedAt is { } at ? (now - at).AsAge() : null),
            ]);
        }

        return table;
    }

    private static Table DataStores(ClusterSummary summary)
    {
        var table = Table("data store", "status", "address", "carries");
        table.Columns[3].NoWrap = false;
        foreach (var database in summary.Databases)
            table.AddRow(Cell(database.Name), Good(database.Status, database.Status == "available"), Cell(database.Address), Cell(string.Join(", ", database.Hosts)));
        if (summary.Cache is { } cache)
            table.AddRow(Cell(cache.Name), Good(cache.Status, cache.Status == "available"), Cell(cache.Address), Cell($"{cache.Nodes} cache node{(cache.Nodes == 1 ? "" : "s")}"));
        return table;
    }

    private static Table Table(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
            table.AddColumn(new TableColumn($"[grey]{column}[/]") { NoWrap = true });
        return table;
    }

    private static string Cell(string? text) => Markup.Escape(text is { Length: > 0 } ? text : None);

    private static string Good(string? text, bool good) => text is null ? None : $"[{(good ? "green" : "red")}]{Markup.Escape(text)}[/]";
}
