using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace SyncStorage.LocalCloud.Tests.Elb;

/// <summary>An instance's service that speaks TLS alone, with a certificate that nobody trusts.</summary>
internal sealed class TlsBackend : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly X509Certificate2 certificate;

    private TlsBackend(WebApplication app, X509Certificate2 certificate, int port) => (this.app, this.certificate, Port) = (app, certificate, port);

    public int Port { get; }

    /// <summary>Scheme and path of each request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<TlsBackend> StartAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = new CertificateRequest("CN=instance", key, HashAlgorithmName.SHA256).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var port = ElbHarness.FreePort();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, endpoint => endpoint.UseHttps(certificate)));
        var backend = new TlsBackend(builder.Build(), certificate, port);
        backend.app.Run(http =>
        {
            backend.Requests.Enqueue($"{http.Request.Scheme} {http.Request.Path}");
            return http.Response.WriteAsync("hello");
        });
        await backend.app.StartAsync();
        return backend;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        certificate.Dispose();
    }
}
