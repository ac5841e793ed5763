using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SyncStorage.LocalCloud.Services.Iam.Certificates;

/// <summary>What IAM accepts as a server certificate.</summary>
internal static class CertificateRules
{
    /// <summary>The certificate with its key.</summary>
    /// <exception cref="AwsException"><c>MalformedCertificate</c> or <c>KeyPairMismatch</c>.</exception>
    public static X509Certificate2 WithKey(string body, string key)
    {
        using var certificate = Parse(body);
        try
        {
            return X509Certificate2.CreateFromPem(body, key);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw IsKey(key)
                ? new AwsException("KeyPairMismatch", "The public key certificate and the private key do not match.")
                : new AwsException("MalformedCertificate", "Unable to parse the key; the key must be PEM-encoded and without a passphrase.");
        }
    }

    /// <summary>The certificates between it and its authority; empty without any.</summary>
    /// <exception cref="AwsException"><c>MalformedCertificate</c>.</exception>
    public static X509Certificate2Collection Chain(string? pem)
    {
        var chain = new X509Certificate2Collection();
        if (pem is null) return chain;
        try
        {
            chain.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            chain.Clear();
        }

        return chain.Count > 0 ? chain : throw new AwsException("MalformedCertificate", "Unable to parse the certificate chain; it must be PEM-encoded.");
    }

    private static X509Certificate2 Parse(string body)
    {
        try
        {
            return X509Certificate2.CreateFromPem(body);
        }
        catch (CryptographicException)
        {
            throw new AwsException("MalformedCertificate", "Unable to parse the certificate; it must be one X.509 certificate, PEM-encoded.");
        }
    }

    private static bool IsKey(string pem)
    {
        try
        {
            using AsymmetricAlgorithm key = pem.Contains("EC PRIVATE", StringComparison.Ordinal) ? ECDsa.Create() : RSA.Create();
            key.ImportFromPem(pem);
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // A key of the other algorithm is one all the same.
            return pem.Contains("-----BEGIN PRIVATE KEY-----", StringComparison.Ordinal);
        }
    }
}
