using SyncStorage.TokenServer.Configuration;
using SyncStorage.TokenServer.Health;
using SyncStorage.TokenServer.Observability;
using SyncStorage.TokenServer.Protocol;
using SyncStorage.TokenServer.Purging;

namespace SyncStorage.TokenServer.Serving;

/// <summary>Composes the service.</summary>
internal static class TokenServerHost
{
    private const int LongestRequestLine = 8 * 1024;

    /// <summary>Makes the service, ready to be run.</summary>
    public static WebApplication Make(InstanceSettings settings, Installation installation, Func<IServiceProvider, IDocuments<TokenDocument>> source,
        TimeProvider time)
    {
        var builder = SlimBuilder.Make(settings, installation, LongestRequestLine, time);
        AddServices(builder.Services, settings, source, time);

        var app = builder.Build();
        var front = app.Services.GetRequiredService<Front>();
        var protocol = settings.AdminOnly ? null : app.Services.GetRequiredService<TokenProtocol>();
        RequestDelegate? answer = protocol is null ? null : protocol.InvokeAsync;
        app.Use(next => http => front.InvokeAsync(http, TokenProtocol.Prefix, answer, next));
        app.UseRouting();
        app.MapLiveness(new VersionReport(
            installation.Release, installation.Version, Compatibility.Current.Schema, Compatibility.Current.Configuration));
        if (protocol is null)
        {
            app.MapIdleHeartbeat(installation);
        }
        else
        {
            var configuration = app.Services.GetRequiredService<TokenConfiguration>();
            app.MapOperations("\"Token server\"", app.Services.GetRequiredService<TokenHeartbeat>().ReadAsync,
                configuration.NudgeAsync, app.Services.GetRequiredService<TokenReport>().Write, time);
            app.MapFallback("{*path}", protocol.NotFoundAsync);
        }

        return app;
    }

    private static void AddServices(IServiceCollection services, InstanceSettings settings, Func<IServiceProvider, IDocuments<TokenDocument>> source,
        TimeProvider time)
    {
        services.AddSingleton<TokenMetrics>();
        services.AddSingleton<ServiceMetrics>(provider => provider.GetRequiredService<TokenMetrics>());
        if (settings.AdminOnly) return;

        services.AddSingleton(source);
        services.AddSingleton<TokenServingHolder>();
        services.AddSingleton<TokenProtocol>();
        services.AddSingleton<TokenHeartbeat>();
        services.AddSingleton<TokenReport>();
        services.AddSingleton(provider => new TokenConfiguration(
            provider.GetRequiredService<IDocuments<TokenDocument>>(), provider.GetRequiredService<TokenServingHolder>(), settings.Poll, time,
            provider.GetRequiredService<TokenMetrics>(), provider.GetRequiredService<ILogger<TokenConfiguration>>()));
        services.AddHostedService(provider => provider.GetRequiredService<TokenConfiguration>());
        services.AddHostedService<PurgeService>();
    }
}
