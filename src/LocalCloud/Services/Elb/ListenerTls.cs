using System.Net.Security;
using System.Security.Authentication;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>What a listener shows its clients, asked for at each handshake: it changes while the listener is open.</summary>
/// <param name="CertificateId">The certificate's ARN.</param>
/// <param name="Protocols">What may be agreed on.</param>
internal sealed record ListenerTls(string CertificateId, SslProtocols Protocols)
{
    /// <summary>What a handshake goes by.</summary>
    /// <exception cref="AuthenticationException">The certificate is gone.</exception>
    public SslServerAuthenticationOptions Handshake(ICertificateDirectory certificates) => new()
    {
        ServerCertificateContext = certificates.Find(CertificateId) ?? throw new AuthenticationException($"There is no certificate {CertificateId}."),
        EnabledSslProtocols = Protocols,
        ApplicationProtocols = [SslApplicationProtocol.Http11],
    };
}
