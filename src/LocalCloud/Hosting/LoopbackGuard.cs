using System.Net;
using Microsoft.AspNetCore.Http;

namespace SyncStorage.LocalCloud.Hosting;

/// <summary>Keeps web pages out: a page may make a browser send requests here, also by a name that it points to 127.0.0.1.</summary>
internal static class LoopbackGuard
{
    /// <summary>Null if the request may pass, otherwise why not.</summary>
    public static string? Refusal(HttpRequest request)
    {
        if (request.Headers.ContainsKey("Origin")) return "LocalCloud answers no web pages.";
        return IsLoopback(request.Host.Host) ? null : "LocalCloud answers requests to localhost only.";
    }

    private static bool IsLoopback(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
