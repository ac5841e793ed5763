using SyncStorage.ServiceHost.Monitoring;
using SyncStorage.Webhead.Admin;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Health;
using SyncStorage.Webhead.Observability;
using SyncStorage.Webhead.Protocol;
using SyncStorage.Webhead.Settings;

namespace SyncStorage.Webhead.Serving;

/// <summary>Composes the service.</summary>
internal static class WebheadServer
{
    private const string Protocol = "/1.5/";

    /// <summary>Makes the service, ready to be run.</summary>
    public static WebApplication Make(InstanceSettings settings, Installation installation, Func<IServiceProvider, IDocumentSource> source,
        TimeProvider time)
    {
        // A hundred ids of 64 characters, each of which may be encoded as three.
        var builder = SlimBuilder.Make(settings, installation, longestRequestLine: 32 * 1024, time);
        AddServices(builder.Services, settings, source, time);

        var app = builder.Build();
        app.UseCommonHeaders(time);
        var front = app.Services.GetRequiredService<Front>();
        RequestDelegate? protocol = settings.AdminOnly ? null : app.Services.GetRequiredService<SyncProtocol>().InvokeAsync;
        app.Use(next => http => front.InvokeAsync(http, Protocol, protocol, next));
        app.UseRouting();
        app.MapLiveness(new VersionReport(
            installation.Release, installation.Version, Compatibility.Current.Schema, Compatibility.Current.Configuration));
        if (protocol is null)
        {
            app.MapIdleHeartbeat(installation);
        }
        else
        {
            var configuration = app.Services.GetRequiredService<ConfigurationService>();
            app.MapOperations("\"SyncStorage 1.5\"", app.Services.GetRequiredService<Heartbeat>().ReadAsync,
                configuration.NudgeAsync, app.Services.GetRequiredService<MetricsReport>().Write, time);
            app.MapOwnCommand(ServiceCommands.Smoke.Name, SmokeTests.Options, time, app.Services.GetRequiredService<SmokeTests>().RunAsync);
            app.MapOwnCommand(ServiceCommands.Exchange.Name, ExchangeTurns.Options, time, app.Services.GetRequiredService<ExchangeTurns>().TakeAsync);
            app.MapFallback("{*path}", protocol);
        }

        return app;
    }

    private static void AddServices(IServiceCollection services, InstanceSettings settings,
        Func<IServiceProvider, IDocumentSource> source, TimeProvider time)
    {
        services.AddSingleton<WebheadMetrics>();
        services.AddSingleton<ServiceMetrics>(provider => provider.GetRequiredService<WebheadMetrics>());
        if (settings.AdminOnly) return;

        services.AddSingleton(source);
        services.AddSingleton<ServingStateHolder>();
        services.AddSingleton<ServingStateFactory>();
        services.AddSingleton<Heartbeat>();
        services.AddSingleton(provider => new SmokeTests(provider.GetRequiredService<ServingStateHolder>(), settings, time));
        services.AddSingleton(provider => new ExchangeTurns(provider.GetRequiredService<ServingStateHolder>(), settings, time));
        services.AddSingleton<SyncProtocol>();
        services.AddSingleton<SecurityLog>();
        services.AddSingleton<MetricsReport>();
        services.AddSingleton<IServiceFigures, WebheadFigures>();
        services.AddSingleton(provider => new ConfigurationService(
            provider.GetRequiredService<IDocumentSource>(), provider.GetRequiredService<ServingStateFactory>(),
            provider.GetRequiredService<ServingStateHolder>(), settings.Poll, time,
            provider.GetRequiredService<WebheadMetrics>(), provider.GetRequiredService<ILogger<ConfigurationService>>()));
        services.AddHostedService(provider => provider.GetRequiredService<ConfigurationService>());
        services.AddHostedService<CacheRepair>();
        services.AddHostedService<PurgeService>();
    }
}
