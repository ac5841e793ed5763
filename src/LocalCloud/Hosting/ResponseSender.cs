using Microsoft.AspNetCore.Http;

namespace SyncStorage.LocalCloud.Hosting;

internal static class ResponseSender
{
    /// <summary>Sends a response, and disposes its stream.</summary>
    public static async Task SendAsync(HttpContext context, WireResponse response)
    {
        await using var stream = response.Stream;
        var target = context.Response;
        target.StatusCode = response.Status;
        foreach (var (name, value) in response.Headers) target.Headers[name] = value;
        if (response.ContentType is not null) target.ContentType = response.ContentType;
        if (context.Request.Method == "HEAD" || response.Status is 204 or 304) return;

        if (stream is null)
        {
            target.ContentLength = response.Content.Length;
            await target.Body.WriteAsync(response.Content, context.RequestAborted);
            return;
        }

        try
        {
            await stream.CopyToAsync(target.Body, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone: there is nobody to tell.
            context.Abort();
        }
    }
}
