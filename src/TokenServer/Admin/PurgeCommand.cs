using System.Text.Json.Nodes;
using SyncStorage.TokenServer.Purging;

namespace SyncStorage.TokenServer.Admin;

/// <summary><c>admin purge</c></summary>
internal static class PurgeCommand
{
    private const string Grace = "--grace";
    private const string Force = "--force";
    private const string Most = "--most";
    private const int UsualMost = 1000;

    public static AdminCommand Command { get; } = new("purge", "deletes old records, and what their users left on the nodes",
        [
            new(Grace, "SECONDS", "how long a record is kept after it was replaced; as configured if not given"),
            new(Force, null, "also records of nodes that are down, without the data there"),
            new(Most, "N", "how many at most (1000)"),
        ],
        RunAsync);

    private static async Task<JsonObject> RunAsync(AdminContext context, CommandLine line)
    {
        var document = await context.ReadDocumentAsync();
        var grace = TimeSpan.FromSeconds(line.Number(Grace, 0, int.MaxValue) ?? document.Purge.GraceSeconds);
        var purge = new RecordPurge(new OldRecords(await context.OpenAsync(document)), new NodeData(await context.ReadSignersAsync(document), context.Time), context.Time);
        var result = await purge.RunAsync(grace, line.Has(Force), (int)(line.Number(Most, 1, int.MaxValue) ?? UsualMost), context.CancellationToken);
        var answer = new JsonObject { ["ok"] = result.Failed == 0, ["purged"] = result.Purged, ["failed"] = result.Failed };
        if (result.LastError is { } error) answer["error"] = error;
        return answer;
    }
}
