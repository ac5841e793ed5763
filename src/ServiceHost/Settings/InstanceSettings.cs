using System.Globalization;
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
        var file = EnvironmentFile.Read(installation.EnvironmentFile);
        return new Reader(installation.Program, name => environment(name) is { Length: > 0 } value ? value : file.GetValueOrDefault(name)).Read();
    }

    private sealed class Reader(string program, Func<string, string?> variable)
    {
        private readonly List<string> errors = [];

        public InstanceSettings Read()
        {
            var settings = new InstanceSettings
            {
                Cluster = Text("SYNCSTORAGE_CLUSTER"),
                Bucket = Text("SYNCSTORAGE_BUCKET"),
                Address = Address("SYNCSTORAGE_ADDRESS"),
                Port = Number("SYNCSTORAGE_PORT", null, 1, 65535),
                Region = Text("AWS_REGION"),
                EndpointUrl = Endpoint("AWS_ENDPOINT_URL"),
                Poll = TimeSpan.FromSeconds(Number("SYNCSTORAGE_POLL_SECONDS", 30, 1, 3600)),
                Drain = TimeSpan.FromSeconds(Number("SYNCSTORAGE_DRAIN_SECONDS", 0, 0, 300)),
                AdminOnly = OneOf("SYNCSTORAGE_ROLE", program, "admin"),
                Tls = OneOf("SYNCSTORAGE_TLS", "off", "on"),
            };
            settings = settings with { Monitoring = Monitoring(settings.InstanceName) };
            return errors.Count == 0 ? settings : throw new SettingsException(errors);
        }

        private string Text(string name)
        {
            if (variable(name) is { Length: > 0 } value) return value;
            errors.Add($"{name} is missing");
            return "";
        }

        private MonitoringSettings? Monitoring(string instanceName)
        {
            if (variable("SYNCSTORAGE_METRICS_NAMESPACE") is not { Length: > 0 } space) return null;
            return new MonitoringSettings(
                space, TimeSpan.FromSeconds(Number("SYNCSTORAGE_METRICS_SECONDS", 60, 1, 300)), Text("SYNCSTORAGE_LOG_GROUP"),
                variable("SYNCSTORAGE_INSTANCE") is { Length: > 0 } instance ? instance : instanceName.Replace(':', '-'));
        }

        private IPAddress Address(string name)
        {
            var text = Text(name);
            if (IPAddress.TryParse(text, out var address)) return address;
            if (text.Length > 0) errors.Add($"{name} must be an IP address, and is \"{text}\"");
            return IPAddress.None;
        }

        private int Number(string name, int? standard, int least, int most)
        {
            var text = variable(name);
            if (string.IsNullOrEmpty(text) && standard is { } value) return value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
                return number;

            errors.Add($"{name} must be a number from {least} to {most}, and is \"{text}\"");
            return least;
        }

        private Uri? Endpoint(string name)
        {
            if (variable(name) is not { Length: > 0 } text) return null;
            if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return uri;
            errors.Add($"{name} must be an http or https URL");
            return null;
        }

        /// <summary>Whether it is the second of two; the first is meant where it is left out.</summary>
        private bool OneOf(string name, string first, string second)
        {
            var value = variable(name) ?? first;
            if (value != first && value != second) errors.Add($"{name} must be {first} or {second}, and is \"{value}\"");
            return value == second;
        }
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
