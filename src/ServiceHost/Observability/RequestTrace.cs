using System.Diagnostics;

namespace SyncStorage.ServiceHost.Observability;

/// <summary>What is known of a request beside what HTTP says: for metrics, logs and traces.</summary>
internal sealed class RequestTrace
{
    /// <summary>The path as a template, without anything that is a user's.</summary>
    public string Route { get; set; } = "other";

    /// <summary>The trace of a request; null outside of one.</summary>
    public static RequestTrace? Of(HttpContext http) => http.Features.Get<RequestTrace>();

    /// <summary>Continues the trace that the request came with, or starts one. Null while nobody collects traces.</summary>
    public static Activity? Start(HttpContext http)
    {
        if (!ServiceMetrics.Activities.HasListeners()) return null;
        ActivityContext.TryParse(http.Request.Headers.TraceParent, http.Request.Headers.TraceState, isRemote: true, out var parent);
        return ServiceMetrics.Activities.StartActivity(http.Request.Method, ActivityKind.Server, parent);
    }

    /// <summary>Says how the request went.</summary>
    public static void Finish(Activity? activity, RequestKind kind, string requestId)
    {
        if (activity is null) return;
        activity.DisplayName = $"{kind.Method} {kind.Route}";
        activity.SetTag("http.request.method", kind.Method).SetTag("http.route", kind.Route)
            .SetTag("http.response.status_code", kind.Status).SetTag("syncstorage.request_id", requestId);
        if (kind.Status >= StatusCodes.Status500InternalServerError) activity.SetStatus(ActivityStatusCode.Error);
        activity.Dispose();
    }
}
