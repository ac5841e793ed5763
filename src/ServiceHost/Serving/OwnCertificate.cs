using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SyncStorage.ServiceHost.Serving;

/// <summary>
/// The certificate of an instance that is spoken to by TLS: self-signed, made anew at each start. Its key is in this process's memory and in
/// no file, so that no image, backup or other process has it. A classic load balancer asks for a certificate and not whose it is.
/// </summary>
internal static class OwnCertificate
{
    // RSA: every cipher that a classic load balancer may choose towards its instances takes it.
    private const int KeyBits = 2048;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    /// <summary>Clocks of others may be behind.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromDays(1);

    /// <summary>Makes one for an address.</summary>
    public static X509Certificate2 Make(IPAddress address, TimeProvider time)
    {
        using var key = RSA.Create(KeyBits);
        var request = new CertificateRequest("CN=syncstorage", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddIpAddress(address);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = time.GetUtcNow();
        return request.CreateSelfSigned(now - Before, now + Lifetime);
    }
}
