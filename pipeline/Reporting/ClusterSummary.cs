using Spectre.Console;

namespace SyncStorage.Pipeline.Reporting;

/// <summary>What runs at the end of a deployment.</summary>
/// <param name="Webheads">The fleet.</param>
/// <param name="Databases">The dbnodes.</param>
/// <param name="Cache">The cache.</param>
/// <param name="Url">Where clients connect.</param>
public sealed record ClusterSummary(
    IReadOnlyList<SummaryWebhead> Webheads, IReadOnlyList<SummaryDatabase> Databases, SummaryCache? Cache, Uri? Url)
{
    /// <summary>Whether there is nothing at all.</summary>
    public bool IsEmpty => Webheads.Count == 0 && Url is null && Cache is null && Databases.All(database => database.Address is null && database.Status == "missing");
}

/// <summary>One webhead.</summary>
/// <param name="Id">Its instance.</param>
/// <param name="Zone">Its availability zone.</param>
/// <param name="Address">Its private address.</param>
/// <param name="Release">The release that it runs.</param>
/// <param name="Verdict">The load balancer's verdict, e.g. <c>in service</c>.</param>
/// <param name="Heartbeat">Its heartbeat's status; null if it was not asked.</param>
public sealed record SummaryWebhead(string Id, string? Zone, string? Address, string? Release, string Verdict, string? Heartbeat)
{
    /// <summary>Whether the load balancer gives it new requests.</summary>
    public bool IsServing => Verdict.Replace(" ", "", StringComparison.Ordinal).Equals("InService", StringComparison.OrdinalIgnoreCase);
}

/// <summary>One dbnode.</summary>
/// <param name="Name">Its database instance.</param>
/// <param name="Status">E.g. <c>available</c>.</param>
/// <param name="Address">Its endpoint.</param>
/// <param name="Hosts">Its virtual hostnames.</param>
public sealed record SummaryDatabase(string Name, string Status, string? Address, IReadOnlyList<string> Hosts);

/// <summary>The cache.</summary>
/// <param name="Name">The cluster.</param>
/// <param name="Status">E.g. <c>available</c>.</param>
/// <param name="Address">The configuration endpoint.</param>
/// <param name="Nodes">How many nodes.</param>
public sealed record SummaryCache(string Name, string Status, string? Address, int Nodes);

/// <summary>Prints the summary as a table.</summary>
public static class SummaryTable
{
    private const string None = "-";
    private const int WidestWebhead = 100;

    /// <summary>Prints webheads, then databases and cache, then the URL.</summary>
    public static void WriteSummary(this IAnsiConsole console, ClusterSummary summary)
    {
        // Ids are copied: on a narrow terminal columns go, and no id is broken.
        var narrow = console.Profile.Width < WidestWebhead;
        var webheads = narrow ? Table("webhead", "release", "load balancer", "heartbeat") : Table("webhead", "zone", "address", "release", "load balancer", "heartbeat");
        foreach (var webhead in summary.Webheads)
        {
            string[] where = narrow ? [] : [Cell(webhead.Zone), Cell(webhead.Address)];
            webheads.AddRow([Cell(webhead.Id), .. where, Cell(webhead.Release), Good(webhead.Verdict, webhead.IsServing), Good(webhead.Heartbeat, webhead.Heartbeat == "ok")]);
        }

        var stores = Table("data store", "status", "address", "carries");
        foreach (var database in summary.Databases)
            stores.AddRow(Cell(database.Name), Good(database.Status, database.Status == "available"), Cell(database.Address), Cell(string.Join(", ", database.Hosts)));
        if (summary.Cache is { } cache)
            stores.AddRow(Cell(cache.Name), Good(cache.Status, cache.Status == "available"), Cell(cache.Address), Cell($"{cache.Nodes} cache node{(cache.Nodes == 1 ? "" : "s")}"));

        console.Write(webheads);
        console.Write(stores);
        if (summary.Url is { } url)
            console.MarkupLineInterpolated($"The cluster serves at [bold]{url}[/]");
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
