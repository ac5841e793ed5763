using System.Globalization;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>A health check's target, parsed.</summary>
/// <param name="Protocol"><c>HTTP</c>, <c>HTTPS</c>, <c>TCP</c> or <c>SSL</c>.</param>
/// <param name="Port">The instance's port.</param>
/// <param name="Path">The path and query; empty for TCP and SSL.</param>
internal sealed record HealthTarget(string Protocol, int Port, string Path)
{
    /// <summary>Parses <c>HTTP:8000/path</c> or <c>TCP:8000</c>; null if it is neither.</summary>
    public static HealthTarget? TryParse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return null;
        var protocol = text[..colon].ToUpperInvariant();
        var rest = text[(colon + 1)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (digits, path) = slash < 0 ? (rest, "") : (rest[..slash], rest[slash..]);
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535) return null;
        return protocol switch
        {
            "HTTP" or "HTTPS" when path.Length is > 0 and <= 1024 => new(protocol, port, path),
            "TCP" or "SSL" when path.Length == 0 => new(protocol, port, path),
            _ => null,
        };
    }
}
