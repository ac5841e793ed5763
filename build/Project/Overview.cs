using Spectre.Console;
using SyncStorage.Build.Hosting;

namespace SyncStorage.Build.Project;

/// <summary>Says what there is to run, with which options, on which environments, and what to do next.</summary>
public sealed class Overview(IAnsiConsole console, Repository repository)
{
    public void Print()
    {
        Section("Targets", TargetCatalog.All.Select(target => (target.Name, target.Description)));
        PrintOptions(Options.All);
        Section("Environments", Environments());
        console.MarkupLine("Next: [cyan]./build.sh --target=Deploy[/] sets a cluster up on this machine; [cyan]--target=Plan[/] says what it would do.");
    }

    internal void PrintOptions(IEnumerable<Option> options) =>
        Section("Options", options.Select(option => (string.Join(", ", [option.ToString(), .. option.Aliases.Where(alias => alias.Length == 2)]), option.Description)));

    private IEnumerable<(string Name, string Description)> Environments() =>
        Directory.GetFiles(repository.At("pipeline", "environments"), "*.json")
            .Select(file => Path.GetFileName(file))
            .Where(file => !file.EndsWith(".schema.json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileNameWithoutExtension(file), file switch
            {
                "local.json" => "This machine, no account needed. The default.",
                _ when file.EndsWith(".example.json", StringComparison.Ordinal) => $"Copy pipeline/environments/{file} without the .example, and fill it in.",
                _ => $"pipeline/environments/{file}",
            }));

    private void Section(string title, IEnumerable<(string Name, string Description)> rows)
    {
        console.MarkupLineInterpolated($"[bold]{title}[/]");
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(3)).AddColumn();
        foreach (var (name, description) in rows)
            grid.AddRow(new Text(name, new Style(Color.Cyan)), new Text(description));
        console.Write(grid);
        console.WriteLine();
    }
}
