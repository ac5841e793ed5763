using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace SyncStorage.SyncClient;

/// <summary>HTTP to an origin whose name need not lead there: connections go where they are told, and requests and TLS name the origin all the same.</summary>
internal static class OriginHttp
{
    /// <summary>A client that follows no redirect, keeps no cookies and uses no proxy.</summary>
    /// <param name="target">Where to connect. Names that end in <c>.localhost</c> are this machine, whatever its resolver says.</param>
    /// <param name="roots">Gives the certificates that HTTPS must lead to, for each connection when it is made; null for those that the system trusts.</param>
    /// <param name="timeout">The longest that a request may take.</param>
    /// <param name="takesAnyCertificate">Whether nobody verifies who answers.</param>
    public static HttpClient Make(Uri target, Func<X509Certificate2Collection>? roots, TimeSpan timeout, bool takesAnyCertificate = false) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = timeout,
        ConnectCallback = async (context, cancellationToken) => target.Scheme == Uri.UriSchemeHttps && roots is not null
            ? await SecureAsync(token => ConnectAsync(target, token), context.DnsEndPoint.Host, roots, cancellationToken)
            : await ConnectAsync(target, cancellationToken),
        SslOptions = takesAnyCertificate ? TakesAny() : new SslClientAuthenticationOptions(),
    })
    { Timeout = timeout };

    /// <summary>A request: the scheme is that of the connection; the host in the URI is what TLS verifies.</summary>
    public static HttpRequestMessage Message(HttpMethod method, Uri origin, Uri target, string pathAndQuery)
    {
        var uri = new Uri($"{target.Scheme}://{origin.Host}:{origin.Port}{pathAndQuery}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(method, uri);
        message.Headers.Host = origin.Authority;
        return message;
    }

    /// <summary>
    /// TLS over a new connection. What is trusted is asked for before the connection is made: who shows another certificate a moment later had told clients of it before.
    /// </summary>
    /// <param name="connect">Makes the connection.</param>
    /// <param name="host">Whom the certificate must name.</param>
    /// <param name="roots">Gives the certificates that it must lead to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async ValueTask<Stream> SecureAsync(
        Func<CancellationToken, ValueTask<Stream>> connect, string host, Func<X509Certificate2Collection> roots, CancellationToken cancellationToken)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots());
        var secure = new SslStream(await connect(cancellationToken));
        try
        {
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = policy }, cancellationToken);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    private static SslClientAuthenticationOptions TakesAny() =>
#pragma warning disable CA5359 // Whoever asks for this says why.
        new() { RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359

    private static async ValueTask<Stream> ConnectAsync(Uri target, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (IsThisMachine(target.Host)) await socket.ConnectAsync(IPAddress.Loopback, target.Port, cancellationToken);
            else await socket.ConnectAsync(target.Host, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
