using System.Net;
using System.Net.Sockets;
using SyncStorage.ServiceHost.Settings;

namespace SyncStorage.ServiceHost.Admin;

/// <summary>Speaks to the service of this very instance, from the instance's own address: by that the service knows it.</summary>
internal static class OwnService
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>One request; the status and the body.</summary>
    /// <param name="settings">Whose service.</param>
    /// <param name="method">How.</param>
    /// <param name="path">For what.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="timeout">The longest that it may take, answer included; null for 10 s.</param>
    /// <exception cref="HttpRequestException">Nobody answers.</exception>
    public static async Task<(HttpStatusCode Status, string Body)> SendAsync(InstanceSettings settings, HttpMethod method, string path,
        CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = (_, token) => ConnectAsync(settings, token),
#pragma warning disable CA5359 // From an address of this machine to the same: nobody stands between, and its certificate is known to nobody.
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
        })
        { Timeout = timeout ?? DefaultTimeout };
        using var request = new HttpRequestMessage(method, new Uri(settings.ServiceUri, path));
        using var response = await http.SendAsync(request, cancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    private static async ValueTask<Stream> ConnectAsync(InstanceSettings settings, CancellationToken cancellationToken)
    {
        var socket = new Socket(settings.OwnAddress.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(settings.OwnAddress, 0));
            await socket.ConnectAsync(settings.OwnAddress, settings.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
