using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncStorage.ServiceHost.Health;
using SyncStorage.ServiceHost.Serving;

namespace SyncStorage.ServiceHost.Admin;

/// <summary><c>admin check</c></summary>
internal static class CheckCommand
{
    /// <summary>Its name, in the service, too.</summary>
    public const string Name = "check";

    private const string Release = "--release";
    private const string Alive = "--alive";
    private const string Serving = "--serving";

    public static AdminCommand Command { get; } = new(Name, "asks this instance's service whether it serves",
        [
            .. HeartbeatCheck.Options,
            new(Alive, null, "only that it is alive, with its release: for a boot test"),
            new(Serving, null, "only that its heartbeat is good, even if a database or the cache is not: for a container's health check"),
        ],
        (context, line) => line.Has(Alive) ? AliveAsync(context, line) : line.Has(Serving) ? ServingAsync(context) : CheckAsync(context, line));

    private static async Task<JsonObject> AliveAsync(AdminContext context, CommandLine line)
    {
        var (status, _) = await OwnService.SendAsync(context.Settings, HttpMethod.Get, "/__lbheartbeat__", context.CancellationToken);
        if (status != HttpStatusCode.OK) return HeartbeatCheck.Failed($"/__lbheartbeat__ answers {(int)status}", null);

        var (versionStatus, body) = await OwnService.SendAsync(context.Settings, HttpMethod.Get, "/__version__", context.CancellationToken);
        if (versionStatus != HttpStatusCode.OK) return HeartbeatCheck.Failed($"/__version__ answers {(int)versionStatus}", null);
        return HeartbeatCheck.Wrong(Parse(body), "release", line.Value(Release)) is { } error ? HeartbeatCheck.Failed(error, null) : new JsonObject { ["ok"] = true };
    }

    // As the load balancer judges: replacing webheads mends no database.
    private static async Task<JsonObject> ServingAsync(AdminContext context)
    {
        var (status, heartbeat) = await LookAsync(context, context.CancellationToken);
        return status == (int)HttpStatusCode.OK ? new JsonObject { ["ok"] = true, ["heartbeat"] = heartbeat } : HeartbeatCheck.Failed($"the heartbeat answers {status}", heartbeat);
    }

    private static Task<JsonObject> CheckAsync(AdminContext context, CommandLine line) =>
        new HeartbeatCheck(token => LookAsync(context, token), token => TryNudgeAsync(context, token), context.Time).RunAsync(line, context.CancellationToken);

    private static async Task<(int Status, JsonNode? Heartbeat)> LookAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var (status, body) = await OwnService.SendAsync(context.Settings, HttpMethod.Get, "/__heartbeat__", cancellationToken);
        return ((int)status, Parse(body));
    }

    private static async Task TryNudgeAsync(AdminContext context, CancellationToken cancellationToken)
    {
        try
        {
            await OwnService.SendAsync(context.Settings, HttpMethod.Post, OperationsEndpoints.ReloadPath, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // The next look says what became of it.
        }
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
