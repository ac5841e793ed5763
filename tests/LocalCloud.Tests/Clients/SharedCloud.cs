using System.Net;
using System.Net.Sockets;

namespace SyncStorage.LocalCloud.Tests.Clients;

/// <summary>The one LocalCloud that all clients work on, side by side: each has names of its own.</summary>
[SetUpFixture]
internal sealed class SharedCloud
{
    private static LocalCloudFixture? cloud;

    public static LocalCloudFixture Cloud => cloud ?? throw new InvalidOperationException("No test of this namespace runs.");

    public static string Endpoint => Cloud.Endpoint.GetLeftPart(UriPartial.Authority);

    [OneTimeSetUp]
    public async Task StartAsync() => cloud = await LocalCloudFixture.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (cloud is not null) await cloud.DisposeAsync();
    }

    /// <summary>A port for a listener of a load balancer.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
