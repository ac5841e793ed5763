using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncStorage.Resilience.Harness;

namespace SyncStorage.Resilience.Fault;

/// <summary>One run of a target, with faults or without, and what it told.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed partial record FaultRun(int ExitCode, string Output, double Seconds)
{
    /// <summary>Deadlines with which a fault that stays is soon believed in.</summary>
    private static readonly string[] Impatient =
    [
        "--set", "rollout.gateTimeoutSeconds=8", "--set", "rollout.inServiceTimeoutSeconds=8", "--set", "waits.instanceSeconds=12", "--set", "waits.imageSeconds=30",
        "--set", "waits.dataStoreSeconds=40", "--set", "waits.commandSeconds=12",
    ];

    /// <summary>The error's printed code; null if there is none.</summary>
    public string? Error => ErrorCodes().Matches(Output) is [.., var last] ? last.Value : null;

    /// <summary>Whether it says what happened and what to do next, and does not take it for a fault of its own.</summary>
    public bool IsAccount => Error is { } code && code != "SSD1999" && Output.Contains("next:", StringComparison.Ordinal);

    /// <summary>The end of the output, for who must find out.</summary>
    public string Tail => Run.TailOf(Output);

    /// <summary>Runs it with rules, and takes them away; with short deadlines where nothing is to be waited for.</summary>
    public static async Task<FaultRun> WithAsync(Cluster cluster, IEnumerable<JsonObject> rules, bool staysForGood, string target, params string[] arguments)
    {
        using var control = new Control(cluster);
        await control.AddAsync(new JsonArray([.. rules]).ToJsonString());
        try
        {
            return await OfAsync(cluster, target, staysForGood ? [.. Impatient, .. arguments] : arguments);
        }
        finally
        {
            await control.ClearAsync();
        }
    }

    /// <summary>Runs it as it is.</summary>
    public static async Task<FaultRun> OfAsync(Cluster cluster, string target, params string[] arguments)
    {
        var started = Stopwatch.GetTimestamp();
        var run = await cluster.RunAsync(target, [.. Cluster.QuickLease, .. arguments]);
        return new FaultRun(run.ExitCode, run.Output, Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1));
    }

    /// <summary>Runs it as it is; nothing must be in its way.</summary>
    /// <exception cref="HarnessException">It failed.</exception>
    public static async Task SucceedsAsync(Cluster cluster, string target, params string[] arguments) =>
        await cluster.ExpectAsync(0, target, [.. Cluster.QuickLease, .. arguments]);

    [GeneratedRegex("SSD[0-9]{4}")]
    private static partial Regex ErrorCodes();
}
