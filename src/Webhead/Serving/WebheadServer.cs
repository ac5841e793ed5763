using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Health;
using SyncStorage.Webhead.Observability;
using SyncStorage.Webhead.Protocol;
using SyncStorage.Webhead.Settings;

namespace SyncStorage.Webhead.Serving;

/// <summary>Composes the service. An empty builder: the default one watches configuration files, which costs a second at the start.</summary>
internal static class WebheadServer
{
    // Longer than any load balancer's idle timeout that is set here, else it would send a request into a connection that is closing.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(620);
    private static readonly TimeSpan Shutdown = TimeSpan.FromSeconds(10);

    /// <summary>Makes the service, ready to be run.</summary>
    public static WebApplication Make(WebheadSettings settings, Installation installation, Func<IServiceProvider, IDocumentSource> source,
        TimeProvider time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, settings));
        builder.Services.AddRoutingCore();
        AddLogging(builder);
        Telemetry.Add(builder, settings, installation);
        AddServices(builder.Services, settings, installation, source, time);

        var app = builder.Build();
        app.UseCommonHeaders(time);
        var front = app.Services.GetRequiredService<Front>();
        RequestDelegate? protocol = settings.AdminOnly ? null : app.Services.GetRequiredService<SyncProtocol>().InvokeAsync;
        app.Use(next => http => front.InvokeAsync(http, protocol, next));
        app.UseRouting();
        app.MapLiveness(installation);
        if (protocol is null)
        {
            app.MapIdleHeartbeat(installation);
        }
        else
        {
            app.MapOperations(app.Services.GetRequiredService<Heartbeat>(), app.Services.GetRequiredService<ConfigurationService>(),
                app.Services.GetRequiredService<MetricsReport>());
            app.MapFallback("{*path}", protocol);
        }

        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, WebheadSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.KeepAliveTimeout = KeepAlive;

        // The configuration document says how large a request may be.
        kestrel.Limits.MaxRequestBodySize = null;

        // A hundred ids of 64 characters, each of which may be encoded as three.
        kestrel.Limits.MaxRequestLineSize = 32 * 1024;
        kestrel.Listen(settings.Address, settings.Port, listener => listener.Protocols = HttpProtocols.Http1);
    }

    private static void AddLogging(WebApplicationBuilder builder)
    {
        // The hosting's own category would make an activity and a scope of every request, for log lines that nobody wants.
        builder.Logging.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            .AddConsole(console => console.FormatterName = JsonLines.FormatterName);
        builder.Services.AddSingleton<ConsoleFormatter, JsonLines>();
    }

    private static void AddServices(IServiceCollection services, WebheadSettings settings, Installation installation,
        Func<IServiceProvider, IDocumentSource> source, TimeProvider time)
    {
        services.Configure<HostOptions>(options => options.ShutdownTimeout = Shutdown);
        services.AddSingleton(time);
        services.AddSingleton(installation);
        services.AddSingleton(provider => new Drain(
            provider.GetRequiredService<IHostApplicationLifetime>(), settings.Drain, time, provider.GetRequiredService<ILogger<Drain>>()));
        services.AddSingleton<WebheadMetrics>();
        services.AddSingleton<Front>();
        services.AddSingleton<IHostLifetime>(provider => provider.GetRequiredService<Drain>());
        if (settings.AdminOnly) return;

        services.AddSingleton(source);
        services.AddSingleton<ServingStateHolder>();
        services.AddSingleton<ServingStateFactory>();
        services.AddSingleton<Heartbeat>();
        services.AddSingleton<SyncProtocol>();
        services.AddSingleton<SecurityLog>();
        services.AddSingleton<MetricsReport>();
        services.AddSingleton(provider => new ConfigurationService(
            provider.GetRequiredService<IDocumentSource>(), provider.GetRequiredService<ServingStateFactory>(),
            provider.GetRequiredService<ServingStateHolder>(), settings.Poll, time,
            provider.GetRequiredService<WebheadMetrics>(), provider.GetRequiredService<ILogger<ConfigurationService>>()));
        services.AddHostedService(provider => provider.GetRequiredService<ConfigurationService>());
        services.AddHostedService<CacheRepair>();
        services.AddHostedService<PurgeService>();
    }
}
