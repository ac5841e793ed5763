using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace SyncStorage.LocalCloud.Hosting;

/// <summary>A running LocalCloud: its listener and its services.</summary>
internal sealed class LocalCloudServer : IAsyncDisposable
{
    public const string AccountId = "000000000000";

    private readonly WebApplication app;
    private readonly StateLock stateLock;
    private readonly Socket socket;
    private bool stopped;

    private LocalCloudServer(WebApplication app, StateLock stateLock, Socket socket, CloudContext cloud)
    {
        this.app = app;
        this.stateLock = stateLock;
        this.socket = socket;
        Cloud = cloud;
    }

    public CloudContext Cloud { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>Starts it; when this returns, it is ready and <c>endpoint.json</c> says where.</summary>
    /// <exception cref="StartException">The port is busy, or another LocalCloud has the state directory.</exception>
    public static async Task<LocalCloudServer> StartAsync(RunOptions options, CancellationToken cancellationToken)
    {
        var state = Path.GetFullPath(options.StateDirectory);
        PrivateFile.CreateDirectory(state);
        var stateLock = StateLock.Take(state);
        Socket? socket = null;
        LocalCloudServer? server = null;
        try
        {
            File.Delete(EndpointFile.PathIn(state));
            socket = await LoopbackSocket.BindAsync(options.Port, cancellationToken);
            var endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}");
            var cloud = new CloudContext(state, options.Region, AccountId, endpoint, new TimeScale(options.TimeScale), options.Time);
            server = new LocalCloudServer(Composition.Build(cloud, options, socket), stateLock, socket, cloud);
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch (Exception exception)
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
            else
            {
                socket?.Dispose();
                stateLock.Dispose();
            }

            if (exception is IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException })
                throw new StartException($"The port {options.Port} is busy.", exception);
            throw;
        }
    }

    /// <summary>Ends it, and the data plane unless <paramref name="keepProcesses"/>.</summary>
    public async Task StopAsync(bool keepProcesses, CancellationToken cancellationToken)
    {
        if (stopped) return;
        stopped = true;
        File.Delete(EndpointFile.PathIn(Cloud.StateDirectory));
        foreach (var service in Services.GetRequiredService<ServiceRegistry>().Services.Reverse()) await service.StopAsync(keepProcesses, cancellationToken);
        await app.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync(keepProcesses: false, CancellationToken.None);
        }
        finally
        {
            await app.DisposeAsync();
            socket.Dispose();
            stateLock.Dispose();
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        app.Run(HandleAsync);
        foreach (var service in Services.GetRequiredService<ServiceRegistry>().Services) await service.StartAsync(cancellationToken);
        await app.StartAsync(cancellationToken);
        var started = Processes.ProcStat.Read(Environment.ProcessId)?.StartTicks ?? 0;
        new EndpointFile(Cloud.Endpoint.GetLeftPart(UriPartial.Authority), Environment.ProcessId, started, ProgramVersion.Current, Cloud.Region, Cloud.AccountId)
            .Write(Cloud.StateDirectory);
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (LoopbackGuard.Refusal(context.Request) is { } refusal)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(refusal), context.RequestAborted);
            return;
        }

        if (context.Request.Path.StartsWithSegments(ControlEndpoint.Prefix.TrimEnd('/'), StringComparison.Ordinal))
        {
            await Services.GetRequiredService<ControlEndpoint>().HandleAsync(context);
            return;
        }

        var dispatcher = Services.GetRequiredService<Dispatcher>();
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (Services.GetService<Recorder>() is { } recorder) await recorder.RecordAsync(context, target, () => dispatcher.HandleAsync(context));
        else await dispatcher.HandleAsync(context);
    }
}
