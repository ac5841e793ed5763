using Spectre.Console;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Build.Hosting;

/// <summary>Prints what went wrong, what was last seen, and what to do next.</summary>
internal static class FailureText
{
    public static void WriteFailure(this IAnsiConsole console, PipelineException failure, bool trace)
    {
        console.MarkupLineInterpolated($"[red]error {failure.Code.Printed()}:[/] {failure.Message}");
        if (failure.LastSeen is { } lastSeen)
            console.MarkupLineInterpolated($"  last seen: {lastSeen}");
        if (failure.Hint is { } hint)
            console.MarkupLineInterpolated($"  next: [cyan]{hint}[/]");
        if (trace)
            console.WriteLine((failure.InnerException ?? failure).ToString());
    }
}
