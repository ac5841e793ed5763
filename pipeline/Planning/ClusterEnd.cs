using Spectre.Console;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Planning;

/// <summary>The end of what changed the fleet: what runs now, as a table and in the report.</summary>
public sealed class ClusterEnd(ClusterStatus status, RunReport report, IAnsiConsole console, TimeProvider time)
{
    /// <summary>Reads what runs, and prints it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var summary = await status.ReadAsync(cancellationToken);
        report.Take(summary);
        console.WriteSummary(summary, time.GetUtcNow());
    }
}
