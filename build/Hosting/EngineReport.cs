using Cake.Core;
using Cake.Core.Diagnostics;
using Spectre.Console;

namespace SyncStorage.Build.Hosting;

/// <summary>Takes the place of the engine's report: stages report themselves, with their changes and times.</summary>
internal sealed class EngineReport(IAnsiConsole console) : ICakeReportPrinter
{
    public void Write(CakeReport report)
    {
    }

    public void WriteStep(string name, Verbosity verbosity)
    {
    }

    public void WriteLifeCycleStep(string name, Verbosity verbosity)
    {
    }

    public void WriteSkippedStep(string name, Verbosity verbosity) => console.MarkupLineInterpolated($"[grey]{name} skipped[/]");
}
