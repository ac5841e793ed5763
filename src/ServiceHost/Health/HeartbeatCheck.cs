using System.Text.Json.Nodes;
using SyncStorage.ServiceHost.Admin;

namespace SyncStorage.ServiceHost.Health;

/// <summary>Asks a service whether it serves as it is expected to: once or several times in a row, and again for a time while it is not well yet.</summary>
/// <param name="lookAsync">Gives the heartbeat and the status that it has. Throws <see cref="HttpRequestException"/> where nobody answers.</param>
/// <param name="nudgeAsync">Has the service read its configuration now.</param>
/// <param name="time">The clock.</param>
internal sealed class HeartbeatCheck(
    Func<CancellationToken, Task<(int Status, JsonNode? Heartbeat)>> lookAsync, Func<CancellationToken, Task> nudgeAsync, TimeProvider time)
{
    private const string Release = "--release";
    private const string Configuration = "--configuration";
    private const string Times = "--times";
    private const string Interval = "--interval-ms";
    private const string Within = "--within-ms";
    private const int MostTimes = 100;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>What can be expected.</summary>
    public static IReadOnlyList<OptionSpec> Options { get; } =
    [
        new(Release, "R", "the release that it must be"),
        new(Configuration, "N", "the configuration that it must serve; one that has another, and may still begin to, is told to read it"),
        new(Times, "T", "how often in a row it must (1)"),
        new(Interval, "M", "milliseconds from one time to the next (1000)"),
        new(Within, "W", "milliseconds in which it may begin to (0); after them, the first time that it does not ends the check"),
    ];

    /// <summary>Checks.</summary>
    /// <param name="line">What is expected.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer, with the heartbeat that was seen last.</returns>
    /// <exception cref="CommandLineException">A value is none.</exception>
    public async Task<JsonObject> RunAsync(CommandLine line, CancellationToken cancellationToken)
    {
        var times = line.Number(Times, 1, MostTimes) ?? 1;
        var interval = TimeSpan.FromMilliseconds(line.Number(Interval, 1, 60_000) ?? 1000);
        var within = TimeSpan.FromMilliseconds(line.Number(Within, 0, 60_000) ?? 0);
        var configuration = line.Number(Configuration, 0, int.MaxValue)?.ToString();
        var started = time.GetTimestamp();
        var nudged = false;
        for (var good = 0; ;)
        {
            var late = time.GetElapsedTime(started) >= within;
            var seen = await TryLookAsync(late, cancellationToken);
            var error = seen is { } look ? Wrong(look.Status, look.Heartbeat, line.Value(Release), configuration) : "no answer";
            good = error is null ? good + 1 : 0;
            if (good >= times) return new JsonObject { ["ok"] = true, ["heartbeat"] = seen?.Heartbeat };

            // One that ends does not become well again.
            if (error is not null && seen is not null && (late || seen?.Heartbeat?["status"]?.ToString() == "draining")) return Failed(error, seen?.Heartbeat);
            if (seen is not null && !nudged && Wrong(seen?.Heartbeat, "configuration", configuration) is not null)
            {
                // It would find it by itself, a while later.
                nudged = true;
                await nudgeAsync(cancellationToken);
                continue;
            }

            await Task.Delay(good == 0 ? LookAgain : interval, time, cancellationToken);
        }
    }

    /// <summary>That it is not well, for an answer.</summary>
    public static JsonObject Failed(string error, JsonNode? heartbeat) => heartbeat is null
        ? new JsonObject { ["ok"] = false, ["error"] = error }
        : new JsonObject { ["ok"] = false, ["error"] = error, ["heartbeat"] = heartbeat };

    /// <summary>What is wrong with a field, null if nothing is expected of it or it is as expected.</summary>
    public static string? Wrong(JsonNode? answer, string field, string? expected)
    {
        var seen = answer?[field]?.ToString();
        return expected is null || seen == expected ? null : $"{field} is {seen ?? "missing"}, expected {expected}";
    }

    /// <summary>Null if it does not answer, and may still be starting.</summary>
    private async Task<(int Status, JsonNode? Heartbeat)?> TryLookAsync(bool late, CancellationToken cancellationToken)
    {
        try
        {
            return await lookAsync(cancellationToken);
        }
        catch (HttpRequestException) when (!late)
        {
            return null;
        }
    }

    private static string? Wrong(int status, JsonNode? heartbeat, string? release, string? configuration) =>
        status != StatusCodes.Status200OK ? $"the heartbeat answers {status} ({heartbeat?["status"]})"
        : heartbeat?["status"]?.ToString() == "degraded" ? $"the heartbeat is degraded: {Failing(heartbeat)}"
        : Wrong(heartbeat, "status", "ok") ?? Wrong(heartbeat, "release", release) ?? Wrong(heartbeat, "configuration", configuration);

    /// <summary>The parts that fail, with what each says.</summary>
    private static string Failing(JsonNode heartbeat)
    {
        var parts = heartbeat["databases"] is JsonObject databases ? databases.Select(pair => (Name: pair.Key, State: pair.Value)).ToList() : [];
        parts.Add(("cache", heartbeat["cache"]));
        return string.Join(", ", parts.Where(part => part.State?["status"]?.ToString() != "ok")
            .Select(part => $"{part.Name} {part.State?["status"]} ({part.State?["error"]?.ToString() ?? "no reason given"})"));
    }
}
