using System.Collections.Frozen;
using System.Security.Authentication;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>AWS's predefined policies on TLS. Here they decide on the protocols; ciphers are those of this machine.</summary>
internal static class TlsPolicies
{
    /// <summary>The type of a policy on TLS.</summary>
    public const string TypeName = "SSLNegotiationPolicyType";

    /// <summary>The attribute that names one of AWS's.</summary>
    public const string Reference = "Reference-Security-Policy";

    /// <summary>What a listener gets until it is told.</summary>
    public const string Default = "ELBSecurityPolicy-2016-08";

#pragma warning disable SYSLIB0039, CA5397 // These policies are about old protocols.
    private static readonly (SslProtocols Protocol, string Name)[] Protocols =
        [(SslProtocols.Tls, "Protocol-TLSv1"), (SslProtocols.Tls11, "Protocol-TLSv1.1"), (SslProtocols.Tls12, "Protocol-TLSv1.2")];

    private const SslProtocols All = SslProtocols.Tls | SslProtocols.Tls11 | SslProtocols.Tls12;

    private static readonly FrozenDictionary<string, SslProtocols> Known = new Dictionary<string, SslProtocols>(StringComparer.Ordinal)
    {
        ["ELBSecurityPolicy-TLS-1-2-2017-01"] = SslProtocols.Tls12,
        ["ELBSecurityPolicy-TLS-1-1-2017-01"] = SslProtocols.Tls11 | SslProtocols.Tls12,
        [Default] = All,
        ["ELBSecurityPolicy-2015-05"] = All,
        ["ELBSecurityPolicy-2015-03"] = All,
        ["ELBSecurityPolicy-2015-02"] = All,
        ["ELBSecurityPolicy-2014-10"] = All,
    }.ToFrozenDictionary();
#pragma warning restore SYSLIB0039, CA5397

    /// <summary>The names, the newest first.</summary>
    public static IEnumerable<string> Names => Known.Keys.OrderDescending(StringComparer.Ordinal);

    public static bool Exists(string reference) => Known.ContainsKey(reference);

    /// <summary>What a handshake may agree on.</summary>
    public static SslProtocols ProtocolsOf(string reference) => Known[reference];

    /// <summary>The attributes that AWS shows of a policy.</summary>
    public static IEnumerable<(string Name, string Value)> Attributes(string reference)
    {
        yield return (Reference, reference);
        foreach (var (protocol, name) in Protocols) yield return (name, Known[reference].HasFlag(protocol) ? "true" : "false");
    }
}
