using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncStorage.ServiceHost.Serving;

namespace SyncStorage.ServiceHost.Admin;

/// <summary><c>admin check</c></summary>
internal static class CheckCommand
{
    private const string Release = "--release";
    private const string Configuration = "--configuration";
    private const string Alive = "--alive";
    private const string Serving = "--serving";
    private const string Times = "--times";
    private const string Interval = "--interval-ms";
    private const string Within = "--within-ms";
    private const int MostTimes = 100;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    public static AdminCommand Command { get; } = new("check", "asks this instance's service whether it serves",
        [
            new(Release, "R", "the release that it must be"),
            new(Configuration, "N", "the configuration that it must serve; one that has another, and may still begin to, is told to read it"),
            new(Times, "T", "how often in a row it must (1)"),
            new(Interval, "M", "milliseconds from one time to the next (1000)"),
            new(Within, "W", "milliseconds in which it may begin to (0); after them, the first time that it does not ends the check"),
            new(Alive, null, "only that it is alive, with its release: for a boot test"),
            new(Serving, null, "only that its heartbeat is good, even if a database or the cache is not: for a container's health check"),
        ],
        (context, line) => line.Has(Alive) ? AliveAsync(context, line) : line.Has(Serving) ? ServingAsync(context) : CheckAsync(context, line));

    private static async Task<JsonObject> AliveAsync(AdminContext context, CommandLine line)
    {
        var (status, _) = await OwnService.SendAsync(context.Settings, HttpMethod.Get, "/__lbheartbeat__", context.CancellationToken);
        if (status != HttpStatusCode.OK) return Failed($"/__lbheartbeat__ answers {(int)status}", null);

        var (versionStatus, body) = await OwnService.SendAsync(context.Settings, HttpMethod.Get, "/__version__", context.CancellationToken);
        if (versionStatus != HttpStatusCode.OK) return Failed($"/__version__ answers {(int)versionStatus}", null);
        return Wrong(Parse(body), "release", line.Value(Release)) is { } error ? Failed(error, null) : new JsonObject { ["ok"] = true };
    }

    // As the load balancer judges: replacing webheads mends no database.
    private static async Task<JsonObject> ServingAsync(AdminContext context)
    {
        var (status, body) = await OwnService.SendAsync(context.Settings, HttpMethod.Get, "/__heartbeat__", context.CancellationToken);
        var heartbeat = Parse(body);
        return status == HttpStatusCode.OK ? new JsonObject { ["ok"] = true, ["heartbeat"] = heartbeat } : Failed($"the heartbeat answers {(int)status}", heartbeat);
    }

    private static async Task<JsonObject> CheckAsync(AdminContext context, CommandLine line)
    {
        var times = line.Number(Times, 1, MostTimes) ?? 1;
        var interval = TimeSpan.FromMilliseconds(line.Number(Interval, 1, 60_000) ?? 1000);
        var within = TimeSpan.FromMilliseconds(line.Number(Within, 0, 60_000) ?? 0);
        var started = context.Time.GetTimestamp();
        var nudged = false;
        for (var good = 0; ;)
        {
            var late = context.Time.GetElapsedTime(started) >= within;
            var answer = await TryOnceAsync(context, line, late);
            good = answer is not null && (bool)answer["ok"]! ? good + 1 : 0;
            if (answer is not null && (good >= times || (good == 0 && late))) return answer;
            if (answer is not null && good == 0 && !nudged && Lacks(answer, line))
            {
                nudged = true;
                await TryNudgeAsync(context);
                continue;
            }

            await Task.Delay(good == 0 ? LookAgain : interval, context.Time, context.CancellationToken);
        }
    }

    private static bool Lacks(JsonObject answer, CommandLine line) =>
        line.Number(Configuration, 0, int.MaxValue) is { } expected && answer["heartbeat"]?["configuration"]?.ToString() != $"{expected}";

    // It would find the configuration by itself, a while later.
    private static async Task TryNudgeAsync(AdminContext context)
    {
        try
        {
            await OwnService.SendAsync(context.Settings, HttpMethod.Post, OperationsEndpoints.ReloadPath, context.CancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !context.CancellationToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Null if it does not answer, and may still be starting.</summary>
    private static async Task<JsonObject?> TryOnceAsync(AdminContext context, CommandLine line, bool late)
    {
        try
        {
            return await CheckOnceAsync(context, line);
        }
        catch (HttpRequestException) when (!late)
        {
            return null;
        }
    }

    private static async Task<JsonObject> CheckOnceAsync(AdminContext context, CommandLine line)
    {
        var (status, body) = await OwnService.SendAsync(context.Settings, HttpMethod.Get, "/__heartbeat__", context.CancellationToken);
        var heartbeat = Parse(body);
        var error = status != HttpStatusCode.OK ? $"the heartbeat answers {(int)status} ({heartbeat?["status"]})"
            : heartbeat?["status"]?.ToString() == "degraded" ? $"the heartbeat is degraded: {Failing(heartbeat)}"
            : Wrong(heartbeat, "status", "ok")
            ?? Wrong(heartbeat, "release", line.Value(Release))
            ?? Wrong(heartbeat, "configuration", line.Number(Configuration, 0, int.MaxValue)?.ToString());
        return error is null ? new JsonObject { ["ok"] = true, ["heartbeat"] = heartbeat } : Failed(error, heartbeat);
    }

    /// <summary>The parts that fail, with what each says.</summary>
    private static string Failing(JsonNode heartbeat)
    {
        var parts = heartbeat["databases"] is JsonObject databases ? databases.Select(pair => (Name: pair.Key, State: pair.Value)).ToList() : [];
        parts.Add(("cache", heartbeat["cache"]));
        return string.Join(", ", parts.Where(part => part.State?["status"]?.ToString() != "ok")
            .Select(part => $"{part.Name} {part.State?["status"]} ({part.State?["error"]?.ToString() ?? "no reason given"})"));
    }

    private static JsonObject Failed(string error, JsonNode? heartbeat) => heartbeat is null
        ? new JsonObject { ["ok"] = false, ["error"] = error }
        : new JsonObject { ["ok"] = false, ["error"] = error, ["heartbeat"] = heartbeat };

    /// <summary>What is wrong with a field, null if nothing is expected of it or it is as expected.</summary>
    private static string? Wrong(JsonNode? answer, string field, string? expected)
    {
        var seen = answer?[field]?.ToString();
        return expected is null || seen == expected ? null : $"{field} is {seen ?? "missing"}, expected {expected}";
    }

    private static JsonNode? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            // Then something else answers at this address; the comparison says what is missing.
            return null;
        }
    }
}
