using Microsoft.Extensions.Primitives;
using SyncStorage.SyncClient;

namespace SyncStorage.Webhead.Protocol;

/// <summary>
/// What every answer has, whoever gives it: the server's time, and what a browser needs to let a page of another origin read it.
/// Tokens, not cookies, say who asks, so any origin may. The origin is echoed: a <c>*</c> would be refused where clients compare.
/// </summary>
internal static class CommonHeaders
{
    private const string Exposed =
        "X-Last-Modified, X-Weave-Timestamp, X-Weave-Records, X-Weave-Next-Offset, X-Weave-Quota-Remaining, X-Weave-Backoff, X-Backoff, Retry-After, WWW-Authenticate";

    private const string UsualHeaders =
        "Accept, Authorization, Content-Type, User-Agent, X-If-Modified-Since, X-If-Unmodified-Since, X-Weave-Records, X-Weave-Bytes, X-Weave-Total-Records, X-Weave-Total-Bytes";

    private const string MaxAgeSeconds = "1728000";

    /// <summary>Adds them to what follows, and answers preflights, on any path and without authentication.</summary>
    public static void UseCommonHeaders(this WebApplication app, TimeProvider time) => app.Use(next => http =>
    {
        http.Response.Headers["X-Weave-Timestamp"] = SyncTimestamp.Now(time).ToString();
        if (http.Request.Headers.Origin is not [{ } origin] || !IsPlain(origin)) return next(http);

        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.Vary = "Origin";
        if (!HttpMethods.IsOptions(http.Request.Method) || StringValues.IsNullOrEmpty(http.Request.Headers.AccessControlRequestMethod))
        {
            headers.AccessControlExposeHeaders = Exposed;
            return next(http);
        }

        var wanted = http.Request.Headers.AccessControlRequestHeaders.ToString();
        headers.AccessControlAllowMethods = "DELETE, GET, POST, PUT";
        headers.AccessControlAllowHeaders = wanted.Length > 0 && IsPlain(wanted) ? wanted : UsualHeaders;
        headers.AccessControlMaxAge = MaxAgeSeconds;
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentLength = 0;
        return Task.CompletedTask;
    });

    /// <summary>Whether it can stand in a header of the answer.</summary>
    private static bool IsPlain(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
