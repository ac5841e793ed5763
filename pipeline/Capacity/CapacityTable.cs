using System.Globalization;
using Spectre.Console;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Capacity;

/// <summary>Prints a capacity plan.</summary>
internal static class CapacityTable
{
    /// <summary>Prints it.</summary>
    public static void WriteCapacity(this IAnsiConsole console, CapacityPlan plan, CapacitySettings limits)
    {
        console.Write(Nodes(plan));
        foreach (var measure in plan.Measures) console.MarkupLineInterpolated($"  {Line(measure)}");
        console.WriteLine();
        console.MarkupLineInterpolated($"  {Conclusion(plan, limits)}");
        console.WriteLine();
        console.Write(Steps(plan));
        console.MarkupLineInterpolated($"  [grey]{plan.Prices}[/]");
    }

    /// <summary>When the next dbnode is due, in a sentence.</summary>
    internal static string Conclusion(CapacityPlan plan, CapacitySettings limits) => plan switch
    {
        { NextNodeDue: { } due, First: { FullAt: { } full } first } when due <= plan.At =>
            $"The next dbnode is due now: {first.What} {(full <= plan.At ? "has reached what the settings allow" : $"reaches what the settings allow on {Day(full)}, in less than capacity.leadDays ({limits.LeadDays})")}.",
        { NextNodeDue: { } due, First: { FullAt: { } full } first } =>
            $"The next dbnode is due on {Day(due)}: {first.What} reaches what the settings allow on {Day(full)}, and capacity.leadDays ({limits.LeadDays}) come before it.",
        { TrendUnknown: true } => "When the next dbnode is due can't be told yet: too little was seen. Run this on a schedule; two looks half a day apart are the least.",
        _ => "As it goes now, the next dbnode is not due within ten years.",
    };

    private static Table Nodes(CapacityPlan plan)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in new[] { "dbnode", "users", "storage", "statements", "connections", "storage full" }) table.AddColumn(new TableColumn($"[grey]{column}[/]"));
        foreach (var node in plan.Nodes)
        {
            var name = node.TakesUsers ? node.Name : $"{node.Name} (takes no more users)";
            if (node.Usage is not { } usage) table.AddRow(Markup.Escape(name), "not known", "", "", "", "");
            else
                table.AddRow(
                    Markup.Escape(name), $"{(usage.About ? "about " : "")}{usage.Users}", string.Create(CultureInfo.InvariantCulture, $"{Size(usage.Bytes)}, {node.StorageShare:P1}"),
                    string.Create(CultureInfo.InvariantCulture, $"{node.StatementsPerSecond:0.#}/s"), $"{usage.Connections} of {usage.MostConnections}", node.StorageFullAt is { } full ? Day(full) : "-");
        }

        return table;
    }

    private static Table Steps(CapacityPlan plan)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in new[] { "step", "setting", "a month", "" }) table.AddColumn(new TableColumn($"[grey]{column}[/]"));
        foreach (var step in plan.Steps)
            table.AddRow(Markup.Escape(step.What), Markup.Escape(step.Setting), step.DollarsAMonth is { } dollars ? string.Create(CultureInfo.InvariantCulture, $"+${dollars:0.00}") : "no price", Markup.Escape(step.Note));
        return table;
    }

    private static string Line(CapacityMeasure measure)
    {
        var text = measure.What == "storage" ? $"{Size(measure.Used)} of {Size(measure.Limit)}" : string.Create(CultureInfo.InvariantCulture, $"{measure.Used:0.#} of {measure.Limit:0.#}{(measure.What == "load" ? " statements/s" : "")}");
        var growth = measure.PerDay is not { } perDay ? "no trend yet"
            : measure.What == "storage" ? $"{(perDay < 0 ? "-" : "+")}{Size(Math.Abs(perDay))} a day"
            : string.Create(CultureInfo.InvariantCulture, $"{perDay:+0.##;-0.##;0} a day");
        return $"{measure.What}: {text}, {growth}{(measure.FullAt is { } full ? $", full on {Day(full)}" : "")}";
    }

    private static string Size(double bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1L << 30):0.#} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1L << 20):0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024:0.#} KiB"),
    };

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
