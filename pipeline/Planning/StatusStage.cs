using Spectre.Console;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Planning;

/// <summary>Status: what runs now.</summary>
public sealed class StatusStage(ClusterStatus status, RunReport report, IAnsiConsole console)
{
    /// <summary>Prints the fleet, the data stores and the URL, and puts them into the report.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var summary = await status.ReadAsync(cancellationToken);
        report.Take(summary);
        if (summary.IsEmpty) console.MarkupLine("Nothing is deployed: ./build.sh --target=Deploy");
        else console.WriteSummary(summary);
    }
}
