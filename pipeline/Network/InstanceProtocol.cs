using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Network;

/// <summary>
/// What the load balancer speaks to the webheads. It has one protocol for all of them, so it speaks HTTPS once all do. Those that do take plain HTTP
/// on the same port, too: the way back is always open.
/// </summary>
public sealed class InstanceProtocol(EnvironmentSettings settings, Observation observation)
{
    /// <summary>Plain HTTP.</summary>
    public const string Plain = "HTTP";

    /// <summary>HTTPS.</summary>
    public const string Encrypted = "HTTPS";

    /// <summary>The tag of webheads that were launched to speak TLS.</summary>
    internal const string Tag = "Tls";

    /// <summary>What the settings want in the end.</summary>
    public string Wanted => settings.SpeaksTlsToWebheads ? Encrypted : Plain;

    /// <summary>What all that are registered understand.</summary>
    public async Task<string> PossibleAsync(CancellationToken cancellationToken)
    {
        if (!settings.SpeaksTlsToWebheads) return Plain;
        var registered = ((await observation.LoadBalancer.GetAsync(cancellationToken))?.Description.Instances ?? []).Select(instance => instance.InstanceId).ToHashSet();
        if (registered.Count == 0) return Encrypted;

        // One that is gone, and still listed, is nobody to speak to.
        var there = (await observation.Instances.GetAsync(cancellationToken)).Where(instance => registered.Contains(instance.InstanceId));
        return there.All(instance => instance.TagOf(Tag) is not null) ? Encrypted : Plain;
    }
}
