using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>
/// What a classic load balancer makes of a request: the same target, byte for byte (signatures cover it), the same
/// Host, and the three X-Forwarded headers.
/// </summary>
internal sealed class ForwardedRequest(int listenerPort) : HttpTransformer
{
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = new Uri(destinationPrefix + PathAndQuery(httpContext), in AsIs);

        var headers = proxyRequest.Headers;
        var client = httpContext.Connection.RemoteIpAddress?.ToString() ?? "127.0.0.1";
        string[] before = [.. httpContext.Request.Headers["X-Forwarded-For"].OfType<string>().Where(value => value.Length > 0)];
        Replace(headers, "X-Forwarded-For", string.Join(", ", [.. before, client]));
        Replace(headers, "X-Forwarded-Proto", httpContext.Request.Scheme);
        Replace(headers, "X-Forwarded-Port", $"{listenerPort}");
    }

    /// <summary>The target as the client wrote it, without scheme and host if it wrote those too.</summary>
    private static string PathAndQuery(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.StartsWith('/')) return target;
        var authority = target.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0) return "/";
        var path = target.IndexOfAny(['/', '?'], authority + 3);
        return path < 0 ? "/" : target[path] == '?' ? "/" + target[path..] : target[path..];
    }

    private static void Replace(System.Net.Http.Headers.HttpRequestHeaders headers, string name, string value)
    {
        headers.Remove(name);
        headers.TryAddWithoutValidation(name, value);
    }
}
