using System.Net;

namespace SyncStorage.ServiceHost.Settings;

/// <summary>What an instance is told at its launch: where to listen, and where its configuration is.</summary>
internal sealed record InstanceSettings
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The bucket with the configuration documents.</summary>
    public required string Bucket { get; init; }

    /// <summary>The address to listen on: the instance's own, or in a container all that it has (<c>0.0.0.0</c>).</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The port to listen on.</summary>
    public required int Port { get; init; }

    /// <summary>The AWS region.</summary>
    public required string Region { get; init; }

    /// <summary>Where AWS is, if not at its public endpoints.</summary>
    public Uri? EndpointUrl { get; init; }

    /// <summary>How often to look whether the configuration changed. Default 30 s.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The least time between SIGTERM and closing the listener, for a load balancer that shall see it first. Default 0 s.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.Zero;

    /// <summary>Whether it is spoken to by TLS; it takes plain HTTP on the same port, too.</summary>
    public bool Tls { get; init; }

    /// <summary>Whether this is an instance for admin commands: it says that it is alive, and serves nobody.</summary>
    public bool AdminOnly { get; init; }

    /// <summary>What CloudWatch is told; null if nothing.</summary>
    public MonitoringSettings? Monitoring { get; init; }

    /// <summary>The service's own address, as a client on the same instance reaches it.</summary>
    public IPAddress OwnAddress => !ListensOnAll ? Address : Address.Equals(IPAddress.Any) ? IPAddress.Loopback : IPAddress.IPv6Loopback;

    /// <summary>The service, as a client on the same instance reaches it.</summary>
    public Uri ServiceUri => new($"{(Tls ? "https" : "http")}://{new IPEndPoint(OwnAddress, Port)}");

    /// <summary>What tells this instance from the others of its cluster.</summary>
    public string InstanceName => ListensOnAll ? $"{Environment.MachineName}:{Port}" : ServiceUri.Authority;

    private bool ListensOnAll => Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any);

    /// <summary>Reads the settings from the environment, and what is missing there from the installation's file.</summary>
    /// <param name="installation">Which file.</param>
    /// <param name="environment">The process's environment.</param>
    /// <exception cref="SettingsException">With every error.</exception>
    public static InstanceSettings Load(Installation installation, Func<string, string?> environment)
    {
        var variables = new VariableReader(installation, environment);
        var settings = new InstanceSettings
        {
            Cluster = variables.Text("SYNCSTORAGE_CLUSTER"),
            Bucket = variables.Text("SYNCSTORAGE_BUCKET"),
            Address = variables.Address("SYNCSTORAGE_ADDRESS"),
            Port = variables.Number("SYNCSTORAGE_PORT", null, 1, 65535),
            Region = variables.Text("AWS_REGION"),
            EndpointUrl = variables.Endpoint("AWS_ENDPOINT_URL"),
            Poll = TimeSpan.FromSeconds(variables.Number("SYNCSTORAGE_POLL_SECONDS", 30, 1, 3600)),
            Drain = TimeSpan.FromSeconds(variables.Number("SYNCSTORAGE_DRAIN_SECONDS", 0, 0, 300)),
            AdminOnly = variables.OneOf("SYNCSTORAGE_ROLE", installation.Program, "admin"),
            Tls = variables.OneOf("SYNCSTORAGE_TLS", "off", "on"),
        };
        return variables.Checked(settings with { Monitoring = MonitoringOf(variables, settings.InstanceName) });
    }

    private static MonitoringSettings? MonitoringOf(VariableReader variables, string instanceName)
    {
        if (variables.Value("SYNCSTORAGE_METRICS_NAMESPACE") is not { Length: > 0 } space) return null;
        return new MonitoringSettings(
            space, TimeSpan.FromSeconds(variables.Number("SYNCSTORAGE_METRICS_SECONDS", 60, 1, 300)), variables.Text("SYNCSTORAGE_LOG_GROUP"),
            variables.Value("SYNCSTORAGE_INSTANCE") is { Length: > 0 } instance ? instance : instanceName.Replace(':', '-'));
    }
}

/// <summary>What CloudWatch is told.</summary>
/// <param name="Namespace">Of the figures.</param>
/// <param name="Interval">How often they are sent.</param>
/// <param name="LogGroup">Where log lines go.</param>
/// <param name="Instance">What tells this instance's from others': the name of its log stream, and the figures' dimension.</param>
internal sealed record MonitoringSettings(string Namespace, TimeSpan Interval, string LogGroup, string Instance);

/// <summary>The settings are wrong; the message has every error.</summary>
internal sealed class SettingsException(IReadOnlyList<string> errors)
    : Exception("The environment is not complete: " + string.Join("; ", errors) + ".");
