using System.Net;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Dns;

/// <summary>The resolver that the settings name; else LocalCloud's name server, where that is the cloud; else this machine's.</summary>
public sealed class ConfiguredResolver(EnvironmentSettings settings, AwsConnection connection, TimeProvider time) : INameResolver
{
    // Chosen when the first name is asked for: LocalCloud may not have been started before.
    private INameResolver Chosen => field ??= Server is { } server ? new DnsClient(server, time) : new SystemResolver();

    /// <inheritdoc/>
    public string Asked => Chosen.Asked;

    private IPEndPoint? Server => settings.Dns?.Resolver is { } named ? IPEndPoint.Parse(named) : connection.Target.NameServer;

    /// <inheritdoc/>
    public Task<NameAnswer> ResolveAsync(string name, CancellationToken cancellationToken) => Chosen.ResolveAsync(name, cancellationToken);
}
