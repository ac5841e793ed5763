using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using SyncStorage.LocalCloud.Services.Route53;

namespace SyncStorage.LocalCloud.Hosting;

/// <summary>A running LocalCloud: its listener and its services.</summary>
internal sealed partial class LocalCloudServer : IAsyncDisposable
{
    public const string AccountId = "000000000000";

    private readonly WebApplication app;
    private readonly StateLock stateLock;
    private readonly Socket socket;
    private readonly List<IAwsService> started = [];
    private readonly ILogger logger;
    private volatile bool stopped;

    private LocalCloudServer(WebApplication app, StateLock stateLock, Socket socket, CloudContext cloud)
    {
        this.app = app;
        this.stateLock = stateLock;
        this.socket = socket;
        Cloud = cloud;
        logger = app.Services.GetRequiredService<ILogger<LocalCloudServer>>();
    }

    public CloudContext Cloud { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>Starts it; when this returns, it is ready and <c>endpoint.json</c> says where.</summary>
    /// <exception cref="StartException">The port is busy, or another LocalCloud has the state directory.</exception>
    public static async Task<LocalCloudServer> StartAsync(RunOptions options, CancellationToken cancellationToken)
    {
        var state = Path.GetFullPath(options.StateDirectory);
        Claim(state);
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
                // What an earlier one left running may serve: that this one can't start is no reason to end it.
                await server.StopAsync(keepProcesses: !cancellationToken.IsCancellationRequested, CancellationToken.None);
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
        LogEnds(keepProcesses ? "its processes go on" : "its processes end too");
        File.Delete(EndpointFile.PathIn(Cloud.StateDirectory));
        foreach (var service in Enumerable.Reverse(started)) await StopAsync(service, keepProcesses, cancellationToken);
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

    private static void Claim(string state)
    {
        try
        {
            PrivateFile.ClaimDirectory(state);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The state directory {state} can't be used: {exception.Message}", exception);
        }
    }

    /// <summary>One that can't end must not keep the others from it.</summary>
    private async Task StopAsync(IAwsService service, bool keepProcesses, CancellationToken cancellationToken)
    {
        try
        {
            await service.StopAsync(keepProcesses, cancellationToken);
        }
#pragma warning disable CA1031 // Whatever it is, it is in the log, and the next service ends.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotStopped(exception, service.Name);
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        app.Run(context => UnsentBody.GuardAsync(context, () => HandleAsync(context)));
        LogStarts(Environment.ProcessId, ProgramVersion.Current, Cloud.Endpoint);
        foreach (var service in Services.GetRequiredService<ServiceRegistry>().Services)
        {
            started.Add(service);
            await service.StartAsync(cancellationToken);
        }

        await app.StartAsync(cancellationToken);
        var startTicks = Processes.ProcStat.Read(Environment.ProcessId)?.StartTicks ?? 0;
        var nameServer = Services.GetRequiredService<Route53Service>().NameServer;
        new EndpointFile(Cloud.Endpoint.GetLeftPart(UriPartial.Authority), Environment.ProcessId, startTicks, ProgramVersion.Current, Cloud.Region, Cloud.AccountId, nameServer)
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

        if (stopped)
        {
            // What began now would outlive us.
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var dispatcher = Services.GetRequiredService<Dispatcher>();
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (Services.GetService<Recorder>() is { } recorder) await recorder.RecordAsync(context, target, () => dispatcher.HandleAsync(context));
        else await dispatcher.HandleAsync(context);
    }

    [LoggerMessage(LogLevel.Information, "LocalCloud starts: process {Pid}, version {Version}, {Endpoint}")]
    private partial void LogStarts(int pid, string version, Uri endpoint);

    [LoggerMessage(LogLevel.Information, "LocalCloud ends, {Processes}")]
    private partial void LogEnds(string processes);

    [LoggerMessage(LogLevel.Error, "{Service} could not end in order")]
    private partial void LogNotStopped(Exception exception, string service);
}
