using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace SyncStorage.ServiceHost.Serving;

/// <summary>
/// One port for both: who begins with a handshake is spoken to by TLS, others plainly. A load balancer can so go from one to the other while
/// webheads serve, and back if it has to.
/// </summary>
internal static class TlsBesidePlain
{
    /// <summary>The first byte of a TLS connection; no request's method begins with it.</summary>
    private const byte Handshake = 0x16;

    /// <summary>Has a listener take both.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="certificate">What is shown in handshakes.</param>
    /// <param name="patience">How long a connection may say nothing: load balancers open some before they need them.</param>
    public static void UseTlsBesidePlain(this ListenOptions listener, X509Certificate2 certificate, TimeSpan patience)
    {
        var handshake = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
        };
        listener.Use(next => connection => LookAsync(connection, next, patience));
        listener.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(handshake) });
        listener.Use(next => connection =>
        {
            if (connection.Features.Get<ITlsConnectionFeature>() is PlainConnection) connection.Features.Set<ITlsConnectionFeature>(null);
            return next(connection);
        });
    }

    private static async Task LookAsync(ConnectionContext connection, ConnectionDelegate next, TimeSpan patience)
    {
        var closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed, closing);
        waiting.CancelAfter(patience);
        try
        {
            var seen = await connection.Transport.Input.ReadAsync(waiting.Token);
            var (hasEnded, isTls) = (seen.Buffer.IsEmpty, !seen.Buffer.IsEmpty && seen.Buffer.FirstSpan[0] == Handshake);
            connection.Transport.Input.AdvanceTo(seen.Buffer.Start);
            if (hasEnded) return;

            // The server's own TLS leaves connections alone that have this already.
            if (!isTls) connection.Features.Set<ITlsConnectionFeature>(new PlainConnection());
        }
        catch (OperationCanceledException)
        {
            // It went away, the service ends, or it said nothing for too long.
            return;
        }

        await next(connection);
    }

    private sealed class PlainConnection : ITlsConnectionFeature
    {
        public X509Certificate2? ClientCertificate { get; set; }

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult<X509Certificate2?>(null);
    }
}
