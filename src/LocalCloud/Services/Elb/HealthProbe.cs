using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>Probes an instance once, as a classic load balancer does: a new connection each time, and only 200 passes.</summary>
internal sealed class HealthProbe : IDisposable
{
    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        ActivityHeadersPropagator = null,
        SslOptions = TrustAnyCertificate,
    });

    /// <summary>A load balancer does not check the certificates of its instances.</summary>
    internal static SslClientAuthenticationOptions TrustAnyCertificate => new()
    {
#pragma warning disable CA5359 // As on AWS: it asks whether the instance answers, not who it is.
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
    };

    /// <summary>Whether the instance answers as it should before the token is cancelled.</summary>
    public async Task<bool> PassesAsync(HealthTarget target, IPAddress address, CancellationToken cancellationToken)
    {
        try
        {
            return target.Protocol switch
            {
                "HTTP" or "HTTPS" => await AnswersOkAsync(target, address, cancellationToken),
                "TCP" => await ConnectsAsync(target, address, tls: false, cancellationToken),
                "SSL" => await ConnectsAsync(target, address, tls: true, cancellationToken),
                _ => throw new InvalidOperationException($"Unknown health check protocol '{target.Protocol}'."),
            };
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or IOException
            or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // That is what a probe is for.
            return false;
        }
    }

    public void Dispose() => http.Dispose();

    private static async Task<bool> ConnectsAsync(HealthTarget target, IPAddress address, bool tls, CancellationToken cancellationToken)
    {
        using var client = new TcpClient(address.AddressFamily);
        await client.ConnectAsync(address, target.Port, cancellationToken);
        if (tls)
        {
            await using var stream = new SslStream(client.GetStream());
            var options = TrustAnyCertificate;
            options.TargetHost = address.ToString();
            await stream.AuthenticateAsClientAsync(options, cancellationToken);
        }

        return true;
    }

    private async Task<bool> AnswersOkAsync(HealthTarget target, IPAddress address, CancellationToken cancellationToken)
    {
#pragma warning disable CA1308 // A URL's scheme is written in lower case.
        var uri = new Uri($"{target.Protocol.ToLowerInvariant()}://{address}:{target.Port}{target.Path}");
#pragma warning restore CA1308
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.TryAddWithoutValidation("User-Agent", "ELB-HealthChecker/1.0");
        request.Headers.ConnectionClose = true;
        using var response = await http.SendAsync(request, cancellationToken);
        return response.StatusCode == HttpStatusCode.OK;
    }
}
