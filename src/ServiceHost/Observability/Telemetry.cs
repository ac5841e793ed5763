using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SyncStorage.ServiceHost.Settings;

namespace SyncStorage.ServiceHost.Observability;

/// <summary>Sends metrics and traces by OTLP, where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says whereto; else it is not even loaded.</summary>
internal static class Telemetry
{
    private const string Switch = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Prefix = "OTEL_";
    private const string Database = "MySqlConnector";

    /// <summary>Adds the exporters, if they are wanted.</summary>
    public static void Add(WebApplicationBuilder builder, InstanceSettings settings, Installation installation)
    {
        var variables = Environment.GetEnvironmentVariables();
        if (variables[Switch] is not string { Length: > 0 }) return;

        // The empty builder reads no environment; the exporters' own settings are all that is wanted of it.
        builder.Configuration.AddInMemoryCollection(variables.Keys.OfType<string>()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => KeyValuePair.Create(name, variables[name] as string)));
        AddExporters(builder.Services, settings, installation);
    }

    // Apart, so that the assemblies it names are loaded only when it runs.
    private static void AddExporters(IServiceCollection services, InstanceSettings settings, Installation installation) => services
        .AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService($"syncstorage-{installation.Program}", serviceNamespace: settings.Cluster, serviceVersion: installation.Release,
            serviceInstanceId: settings.InstanceName))
        .WithMetrics(metrics => metrics.AddMeter(ServiceMetrics.SourceName, Database, "System.Runtime").AddOtlpExporter())
        .WithTracing(traces => traces.AddSource(ServiceMetrics.SourceName, Database).AddOtlpExporter());
}
