using Spectre.Console;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Reporting;

/// <summary>Prints a failure: what, last seen, next step, code.</summary>
public static class FailurePanel
{
    /// <summary>Prints it; on GitHub also as an annotation.</summary>
    /// <param name="console">The one console.</param>
    /// <param name="failure">What ended the run.</param>
    /// <param name="gitHub">GitHub's log, or null.</param>
    public static void WriteFailure(this IAnsiConsole console, PipelineException failure, GitHubLog? gitHub = null)
    {
        var lines = new List<string> { $"[red]{Markup.Escape(failure.Message)}[/]" };
        if (failure.LastSeen is { Length: > 0 } seen)
            lines.Add($"[grey]last seen:[/] {Markup.Escape(seen)}");
        if (failure.Hint is { Length: > 0 } hint)
            lines.Add($"[grey]next:[/] {Markup.Escape(hint)}");

        if (console.Profile.Out.IsTerminal)
        {
            console.Write(new Panel(new Markup(string.Join('\n', lines)))
            {
                Header = new PanelHeader($" error {failure.Code.Printed()} "),
                Border = BoxBorder.Rounded,
                BorderStyle = new Style(Color.Red),
            });
        }
        else
        {
            console.MarkupLine($"[red]error {failure.Code.Printed()}:[/] {lines[0]}");
            foreach (var line in lines.Skip(1))
                console.MarkupLine($"  {line}");
        }

        gitHub?.Error(failure.Code.Printed(), failure.Hint is null ? failure.Message : $"{failure.Message}\n{failure.Hint}");
    }
}
