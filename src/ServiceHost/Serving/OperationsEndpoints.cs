using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SyncStorage.ServiceHost.Admin;
using SyncStorage.ServiceHost.Configuration;
using SyncStorage.ServiceHost.Health;
using SyncStorage.ServiceHost.Observability;
using SyncStorage.ServiceHost.Settings;

namespace SyncStorage.ServiceHost.Serving;

/// <summary>What the load balancer, the pipeline and operators ask: outside the protocol, without authentication, for any host.</summary>
internal static class OperationsEndpoints
{
    /// <summary>The path at which the instance itself may ask for the configuration to be read now.</summary>
    public static readonly string ReloadPath = OwnCommands.PathOf("reload");

    private static readonly string[] Reading = ["GET", "HEAD"];

    /// <summary>Adds what every instance answers.</summary>
    /// <param name="app">To what.</param>
    /// <param name="report">What <c>/__version__</c> tells.</param>
    public static void MapLiveness(this WebApplication app, VersionReport report)
    {
        var version = JsonSerializer.SerializeToUtf8Bytes(report, HealthJson.Default.VersionReport);
        app.MapMethods("/__version__", Reading, (RequestDelegate)(http => WriteAsync(http, StatusCodes.Status200OK, version)));
        app.MapMethods("/__lbheartbeat__", Reading, (RequestDelegate)(http => WriteAsync(http, StatusCodes.Status200OK, "{}"u8.ToArray())));
    }

    /// <summary>Adds what an instance that serves answers besides.</summary>
    /// <param name="app">To what.</param>
    /// <param name="greeting">What <c>/</c> answers, as JSON.</param>
    /// <param name="heartbeat">What <c>/__heartbeat__</c> tells.</param>
    /// <param name="reload">Reads configuration and secrets now; tells what is served then.</param>
    /// <param name="metrics">What <c>/__metrics__</c> tells.</param>
    /// <param name="time">The clock.</param>
    public static void MapOperations(this WebApplication app, string greeting, Func<Task<HeartbeatReport>> heartbeat,
        Func<CancellationToken, Task<ReloadReport>> reload, Func<string> metrics, TimeProvider time)
    {
        var check = new HeartbeatCheck(async _ => Look(await heartbeat()), token => reload(token), time);
        app.MapMethods("/", Reading, (RequestDelegate)(http => WriteAsync(http, StatusCodes.Status200OK, Encoding.UTF8.GetBytes(greeting))));
        app.MapMethods("/__heartbeat__", Reading, (RequestDelegate)(http => HeartbeatAsync(http, heartbeat)));
        app.MapMethods("/__metrics__", Reading, (RequestDelegate)(http => WriteMetricsAsync(http, metrics)));
        app.MapOwn(ReloadPath, async http => await WriteAsync(http, StatusCodes.Status200OK, await reload(http.RequestAborted), ReloadJson.Default.ReloadReport));
        app.MapOwnCommand(CheckCommand.Name, HeartbeatCheck.Options, time, check.RunAsync);
    }

    /// <summary>
    /// Adds what this instance alone may ask for, by POST: what comes through the load balancer, or from any other host, has another address than ours, and is told
    /// that nothing is there.
    /// </summary>
    /// <param name="app">To what.</param>
    /// <param name="path">The path.</param>
    /// <param name="answer">Answers.</param>
    public static void MapOwn(this WebApplication app, string path, Func<HttpContext, Task> answer) => app.MapMethods(path, ["POST"], (RequestDelegate)(http =>
    {
        if (Equals(http.Connection.RemoteIpAddress, http.Connection.LocalIpAddress)) return answer(http);
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }));

    /// <summary>Adds what an instance that serves nobody says to the load balancer.</summary>
    public static void MapIdleHeartbeat(this WebApplication app, Installation installation) =>
        app.MapMethods("/__heartbeat__", Reading, (RequestDelegate)(http => WriteAsync(http, StatusCodes.Status503ServiceUnavailable,
            new HeartbeatReport { Status = "unconfigured", Release = installation.Release }, HealthJson.Default.HeartbeatReport)));

    private static async Task HeartbeatAsync(HttpContext http, Func<Task<HeartbeatReport>> heartbeat)
    {
        var report = await heartbeat();
        await WriteAsync(http, StatusOf(report), report, HealthJson.Default.HeartbeatReport);
    }

    private static int StatusOf(HeartbeatReport report) => report.Serves ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;

    private static (int Status, JsonNode? Heartbeat) Look(HeartbeatReport report) => (StatusOf(report), JsonSerializer.SerializeToNode(report, HealthJson.Default.HeartbeatReport));

    private static Task WriteMetricsAsync(HttpContext http, Func<string> metrics) =>
        WriteAsync(http, StatusCodes.Status200OK, Encoding.UTF8.GetBytes(metrics()), PrometheusText.ContentType);

    private static Task WriteAsync<T>(HttpContext http, int status, T report, JsonTypeInfo<T> type) =>
        WriteAsync(http, status, JsonSerializer.SerializeToUtf8Bytes(report, type));

    /// <summary>Answers.</summary>
    /// <param name="http">What is answered.</param>
    /// <param name="status">With which status.</param>
    /// <param name="body">With what.</param>
    /// <param name="contentType">Of which type.</param>
    public static async Task WriteAsync(HttpContext http, int status, byte[] body, string contentType = "application/json")
    {
        if (RequestTrace.Of(http) is { } trace && http.GetEndpoint() is RouteEndpoint endpoint) trace.Route = endpoint.RoutePattern.RawText!;
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        if (http.Request.Method != HttpMethods.Head) await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
