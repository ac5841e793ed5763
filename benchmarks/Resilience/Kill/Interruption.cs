using System.Diagnostics;
using System.Text.RegularExpressions;
using SyncStorage.Resilience.Harness;

namespace SyncStorage.Resilience.Kill;

/// <summary>A run that got a signal.</summary>
/// <param name="CameInTime">Whether it still ran then.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Stage">The stage that it was in.</param>
/// <param name="AfterSignal">How long it went on.</param>
/// <param name="Wrong">What it did not do as it must; null if nothing.</param>
internal sealed partial record Interruption(bool CameInTime, int ExitCode, string Stage, TimeSpan AfterSignal, string? Wrong)
{
    private const int Interrupted = 130;

    /// <summary>What a CI runner gives.</summary>
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(7);

    private static readonly TimeSpan BetweenSignals = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);

    /// <summary>Starts a target, sends it the signal, and waits for its end.</summary>
    public static async Task<Interruption> OfAsync(Cluster cluster, string target, string[] arguments, string signal, TimeSpan after, bool twice)
    {
        using var process = cluster.Start(target, arguments);
        var output = cluster.OutputAsync(process);
        await Task.WhenAny(output, Task.Delay(after, TimeProvider.System, cluster.Stopping));
        var cameInTime = TrySignal(process, signal);
        var started = Stopwatch.GetTimestamp();
        if (cameInTime && twice)
        {
            await Task.WhenAny(output, Task.Delay(BetweenSignals, TimeProvider.System, cluster.Stopping));
            started = Stopwatch.GetTimestamp();
            TrySignal(process, signal);
        }

        var text = await output;
        var took = Stopwatch.GetElapsedTime(started);

        // It was on its way out when the signal came, and ends as if none had come.
        var heard = text.Contains("stopping where it is safe", StringComparison.Ordinal);
        if (!heard && process.ExitCode is not Interrupted) cameInTime = cameInTime && process.ExitCode is not (0 or 4);
        var stage = StageName().Matches(text).LastOrDefault()?.Value ?? "start";
        return new Interruption(cameInTime, process.ExitCode, stage, took, cameInTime ? Judge(process.ExitCode, text, took, twice) : null);
    }

    private static string? Judge(int exitCode, string output, TimeSpan took, bool twice) => (exitCode, twice) switch
    {
        (not Interrupted, _) => $"exit code {exitCode} after the signal: {Run.TailOf(output)}",
        (_, true) when took > AtOnce => $"it went on for {took.TotalSeconds:0.0} s after the second signal",
        (_, false) when took > LongestGoodbye => $"it went on for {took.TotalSeconds:0.0} s after the signal: {Run.TailOf(output)}",
        (_, false) when !output.Contains("next: ", StringComparison.Ordinal) => $"it does not say what to do next: {Run.TailOf(output)}",
        _ => null,
    };

    private static bool TrySignal(Process process, string signal)
    {
        if (process.HasExited) return false;
        try
        {
            Cluster.Signal(process.Id, signal);
            return true;
        }
        catch (HarnessException) when (process.HasExited)
        {
            return false;
        }
    }

    [GeneratedRegex("^(Build|Ensure|Request|Bake|Publish|Rolling|Smoke|Deploy|Rollback)[-A-Za-z]*(?=\r?$)", RegexOptions.Multiline)]
    private static partial Regex StageName();
}
