using Microsoft.Extensions.Primitives;

namespace SyncStorage.Webhead.Protocol;

/// <summary>Where HTTPS is what clients see, a request that reached the load balancer by plain HTTP is sent there.</summary>
internal static class PlainHttp
{
    /// <summary>What a load balancer says of the way that a request came. Nobody gains anything by lying here.</summary>
    public const string ForwardedProto = "X-Forwarded-Proto";

    /// <summary>Where the request belongs; null if it is there.</summary>
    /// <param name="origin">The virtual hostname's origin, as clients see it.</param>
    /// <param name="forwardedProto">The header; none on what does not come through a load balancer.</param>
    /// <param name="target">The request's raw target.</param>
    public static string? MovedTo(Uri origin, StringValues forwardedProto, string target) =>
        origin.Scheme == Uri.UriSchemeHttps && target.StartsWith('/') && forwardedProto is [.., { } last] && last.Equals("http", StringComparison.OrdinalIgnoreCase)
            ? origin.GetLeftPart(UriPartial.Authority) + target
            : null;
}
