using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using SyncStorage.ServiceHost.Monitoring;
using SyncStorage.ServiceHost.Observability;
using SyncStorage.ServiceHost.Settings;

namespace SyncStorage.ServiceHost.Serving;

/// <summary>What every service is composed on: Kestrel, logs, telemetry, the drain.</summary>
internal static class SlimBuilder
{
    // Longer than any load balancer's idle timeout that is set here, else it would send a request into a connection that is closing.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(620);
    private static readonly TimeSpan Shutdown = TimeSpan.FromSeconds(10);

    /// <summary>An empty builder: the default one watches configuration files, which costs a second at the start.</summary>
    /// <param name="settings">Where to listen.</param>
    /// <param name="installation">What runs.</param>
    /// <param name="longestRequestLine">In bytes.</param>
    /// <param name="time">The clock.</param>
    public static WebApplicationBuilder Make(InstanceSettings settings, Installation installation, int longestRequestLine, TimeProvider time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, settings, longestRequestLine, time));
        builder.Services.AddRoutingCore();
        AddLogging(builder);
        Telemetry.Add(builder, settings, installation);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Shutdown);
        builder.AddMonitoring(settings);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(installation);
        builder.Services.AddSingleton<Front>();
        builder.Services.AddSingleton(provider => new Drain(
            provider.GetRequiredService<IHostApplicationLifetime>(), settings.Drain, time, provider.GetRequiredService<ILogger<Drain>>()));
        builder.Services.AddSingleton<IHostLifetime>(provider => provider.GetRequiredService<Drain>());
        return builder;
    }

    private static void Configure(KestrelServerOptions kestrel, InstanceSettings settings, int longestRequestLine, TimeProvider time)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.KeepAliveTimeout = KeepAlive;

        // The service itself says how large a request may be.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxRequestLineSize = longestRequestLine;
        kestrel.Listen(settings.Address, settings.Port, listener =>
        {
            listener.Protocols = HttpProtocols.Http1;
            if (settings.Tls) listener.UseTlsBesidePlain(OwnCertificate.Make(settings.OwnAddress, time), KeepAlive);
        });
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
}
