using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using SyncStorage.LocalCloud.Hosting;
using Yarp.ReverseProxy.Forwarder;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>One listener of a load balancer: a small server on 127.0.0.1 that forwards to the instances in service.</summary>
internal sealed class ListenerProxy : IAsyncDisposable
{
    /// <summary>AWS limits all headers of a request to 64 KB.</summary>
    private const int MaxHeaderBytes = 64 * 1024;

    private readonly WebApplication app;
    private readonly LoadBalancer balancer;
    private readonly ListenerRecord listener;
    private readonly KestrelServerLimits limits;
    private readonly IHttpForwarder forwarder;
    private readonly HttpMessageInvoker http = new(BackendHandler());
    private readonly HttpTransformer transformer;
    private readonly ICertificateDirectory certificates;
    private volatile ListenerTls? tls;

    private ListenerProxy(LoadBalancer balancer, ListenerRecord listener, ListenerTls? tls, ICertificateDirectory certificates)
    {
        this.balancer = balancer;
        this.listener = listener;
        this.tls = tls;
        this.certificates = certificates;
        transformer = new ForwardedRequest(listener.LoadBalancerPort);
        KestrelServerLimits? configured = null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            configured = kestrel.Limits;
            Configure(kestrel);
        });
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        app = builder.Build();
        forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        app.Run(ForwardAsync);
        _ = app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<KestrelServerOptions>>().Value;
        limits = configured ?? throw new InvalidOperationException("The listener's server was not configured.");
    }

    public ListenerRecord Listener => listener;

    /// <summary>Opens the listener.</summary>
    /// <exception cref="IOException">The port is in use on this machine.</exception>
    /// <exception cref="SocketException">The port may not be opened by this user.</exception>
    public static async Task<ListenerProxy> StartAsync(
        LoadBalancer balancer, ListenerRecord listener, ListenerTls? tls, ICertificateDirectory certificates, CancellationToken cancellationToken)
    {
        var proxy = new ListenerProxy(balancer, listener, tls, certificates);
        try
        {
            await proxy.app.StartAsync(cancellationToken);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>The idle timeout of client connections that are made from now on.</summary>
    public void UseIdleTimeout(int seconds) => limits.KeepAliveTimeout = TimeSpan.FromSeconds(seconds);

    /// <summary>Certificate and protocols of handshakes from now on.</summary>
    public void UseTls(ListenerTls wanted) => tls = wanted;

    /// <summary>Closes the listener at once, and its connections when their requests are done or the token is cancelled.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => app.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        kestrel.Limits.MaxRequestLineSize = MaxHeaderBytes;
        kestrel.Limits.MaxRequestBufferSize = 4 * MaxHeaderBytes;
        kestrel.Limits.MaxRequestHeaderCount = 1000;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(balancer.Record.Attributes.IdleTimeoutSeconds);
        kestrel.Listen(IPAddress.Loopback, listener.LoadBalancerPort, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1;
            if (listener.IsTls) endpoint.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls!.Handshake(certificates)) });
            if (listener.InstanceProtocol == "TCP") endpoint.Run(connection => TcpRelay.RunAsync(connection, balancer, listener.InstancePort));
        });
    }

    private async Task ForwardAsync(HttpContext context)
    {
        // A request that sits in a client's queue is not cut by the server's own limits.
        var config = new ForwarderRequestConfig
        {
            ActivityTimeout = TimeSpan.FromSeconds(balancer.Record.Attributes.IdleTimeoutSeconds),
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            AllowResponseBuffering = false,
        };
        List<Backend> tried = [];
        while (true)
        {
            using var lease = balancer.Acquire(tried);
            if (lease is null)
            {
                // None in service: 503. Some, but none of them accepted a connection: 504.
                context.Response.StatusCode = tried.Count == 0 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status504GatewayTimeout;
                context.Response.ContentLength = 0;
                balancer.Traffic.AnsweredItself(context.Response.StatusCode);
                return;
            }

            var destination = $"{(listener.InstanceProtocol == "HTTPS" ? "https" : "http")}://{lease.Address}:{listener.InstancePort}";
            var sent = Stopwatch.GetTimestamp();
            TimeSpan? answered = null;
            context.Response.OnStarting(() =>
            {
                answered ??= Stopwatch.GetElapsedTime(sent);
                return Task.CompletedTask;
            });
            var error = await forwarder.SendAsync(context, destination, http, config, transformer, lease.Backend.Cut);
            if (error is ForwarderError.None || context.Response.HasStarted)
            {
                balancer.Traffic.Answered(context.Response.StatusCode, answered ?? Stopwatch.GetElapsedTime(sent));
                return;
            }
            var cause = (context.GetForwarderErrorFeature()?.Exception as HttpRequestException)?.HttpRequestError;
            if (error is not ForwarderError.Request || cause is not (HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError))
            {
                // AWS: an instance that closes the connection without an answer is a 504, a broken answer a 502.
                if (cause is HttpRequestError.ResponseEnded) context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
                if (error is not (ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled)) balancer.Traffic.AnsweredItself(context.Response.StatusCode);
                return;
            }

            // Nothing was sent yet, so another instance may have it, whatever the method.
            tried.Add(lease.Backend);
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.Clear();
        }
    }

    private static SocketsHttpHandler BackendHandler() => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = MaxHeaderBytes / 1024,
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        SslOptions = HealthProbe.TrustAnyCertificate,
        ConnectCallback = async (connection, cancellationToken) =>
            new NetworkStream(await TcpRelay.ConnectAsync(connection.DnsEndPoint.Host, connection.DnsEndPoint.Port, cancellationToken), ownsSocket: true),
    };
}
