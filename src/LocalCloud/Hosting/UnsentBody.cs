using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace SyncStorage.LocalCloud.Hosting;

/// <summary>
/// A client that sends <c>Expect: 100-continue</c> holds its body back until it is told to go on. If it gets its answer before that, what it sends
/// next may be that body or another request, and nothing tells which: the connection ends with such an answer (RFC 9110, 10.1.1).
/// </summary>
internal static class UnsentBody
{
    /// <summary>Handles a request, and ends its connection if its body was never asked for.</summary>
    public static async Task GuardAsync(HttpContext context, Func<Task> handle)
    {
        if (!context.Request.Headers.Expect.ToString().Equals("100-continue", StringComparison.OrdinalIgnoreCase))
        {
            await handle();
            return;
        }

        var sent = context.Request.Body;
        await using var watched = new WatchedBody(sent);
        context.Request.Body = watched;
        context.Response.OnStarting(() =>
        {
            if (!watched.IsAskedFor) context.Response.Headers[HeaderNames.Connection] = "close";
            return Task.CompletedTask;
        });
        try
        {
            await handle();
        }
        finally
        {
            context.Request.Body = sent;
        }
    }

    // The first read is what makes Kestrel tell the client to go on.
    private sealed class WatchedBody(Stream inner) : PassingStream(inner)
    {
        public bool IsAskedFor { get; private set; }

        protected override void Reading() => IsAskedFor = true;
    }
}
