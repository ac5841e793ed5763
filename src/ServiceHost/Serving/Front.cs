using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using SyncStorage.ServiceHost.Observability;

namespace SyncStorage.ServiceHost.Serving;

/// <summary>
/// What every request passes first: it is counted, numbered and timed, and while the service drains its connection is closed after it.
/// Requests of the protocol then go straight to it; only the others are routed.
/// </summary>
internal sealed partial class Front(Drain drain, ServiceMetrics metrics, TimeProvider time, ILogger<Front> log)
{
    // Beyond what any answer takes that is not about to fail.
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    // Asked when the answer starts: the drain may begin while a request is in flight.
    private readonly Func<object, Task> closeWhileDraining = response =>
    {
        if (drain.Draining) ((HttpResponse)response).Headers.Connection = "close";
        return Task.CompletedTask;
    };

    /// <summary>Passes a request on.</summary>
    /// <param name="http">The request.</param>
    /// <param name="prefix">What the paths of the service's own protocol begin with.</param>
    /// <param name="protocol">Answers requests of the protocol; null where none are served.</param>
    /// <param name="others">Answers all others.</param>
    public async Task InvokeAsync(HttpContext http, string prefix, RequestDelegate? protocol, RequestDelegate others)
    {
        var started = time.GetTimestamp();
        var trace = new RequestTrace();
        http.Features.Set(trace);
        RequestId.Assign(http);
        drain.Begin();
        metrics.Begin();
        var activity = RequestTrace.Start(http);
        try
        {
            http.Response.OnStarting(closeWhileDraining, http.Response);
            var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            await (protocol is not null && target.StartsWith(prefix, StringComparison.Ordinal) ? protocol : others)(http);
        }
        finally
        {
            Finish(http, trace, activity, time.GetElapsedTime(started));
            drain.End();
        }
    }

    private void Finish(HttpContext http, RequestTrace trace, Activity? activity, TimeSpan elapsed)
    {
        var kind = new RequestKind(Known(http.Request.Method), trace.Route, http.Response.StatusCode);
        metrics.End(kind, elapsed);
        RequestTrace.Finish(activity, kind, http.TraceIdentifier);

        // A command that waits for something takes as long as it is told to.
        if (elapsed > Slow && !OwnCommands.Are(kind.Route)) LogSlow(kind.Method, kind.Route, kind.Status, elapsed.TotalSeconds, http.TraceIdentifier);
    }

    // A method is whatever a client sends: only those that exist get counters of their own.
    private static string Known(string method) => method switch
    {
        "GET" or "HEAD" or "PUT" or "POST" or "DELETE" or "OPTIONS" => method,
        _ => "other",
    };

    [LoggerMessage(EventId = 2001, EventName = "SlowRequest", Level = LogLevel.Warning,
        Message = "{Method} {Route} took {Seconds:0.0} s and ended with {Status} (request {Request})")]
    private partial void LogSlow(string method, string route, int status, double seconds, string request);
}
