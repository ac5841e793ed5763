using Spectre.Console;

namespace SyncStorage.Pipeline.Planning;

/// <summary>Prints planned changes: by resource, in the order in which they are made, old values before new ones.</summary>
public static class PlanTable
{
    /// <summary>Prints the changes; long ones are broken, with their continuation below them.</summary>
    public static void WriteChanges(this IAnsiConsole console, IReadOnlyList<PlannedChange> changes)
    {
        foreach (var resource in changes.GroupBy(change => change.Resource))
        {
            console.MarkupLineInterpolated($"  [bold]{resource.Key}[/]");
            var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(4, 0, 1, 0)).AddColumn(new GridColumn().Padding(0, 0));
            foreach (var change in resource) grid.AddRow(new Markup(Sign(change.Kind)), new Markup(Describe(change)));
            console.Write(grid);
        }
    }

    private static string Describe(PlannedChange change)
    {
        var value = (change.From, change.To) switch
        {
            (null, null) => "",
            (null, { } to) => $" [green]{Markup.Escape(to)}[/]",
            ({ } from, null) => $" [red]{Markup.Escape(from)}[/] → none",
            ({ } from, { } to) => $" [red]{Markup.Escape(from)}[/] → [green]{Markup.Escape(to)}[/]",
        };
        return $"{Markup.Escape(change.Detail)}{(value.Length == 0 ? "" : ":")}{value}{(change.Note is { } note ? $"  [yellow]{Markup.Escape(note)}[/]" : "")}";
    }

    /// <summary>One character that stands for what is done.</summary>
    private static string Sign(ChangeKind kind) => kind switch
    {
        ChangeKind.Create => "[green]+[/]",
        ChangeKind.Update => "[yellow]~[/]",
        ChangeKind.Replace => "[yellow]±[/]",
        ChangeKind.Delete => "[red]-[/]",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
