using Amazon.ElasticLoadBalancing.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Network;

/// <summary>The load balancer as the settings want it.</summary>
/// <param name="Name">Its fixed name.</param>
/// <param name="ListenerPort">The port of clients.</param>
/// <param name="InstancePort">The port of webheads.</param>
/// <param name="SubnetIds">One a zone.</param>
/// <param name="GroupId">The load balancer's group.</param>
/// <param name="Check">The health check.</param>
/// <param name="DrainSeconds">The longest drain.</param>
/// <param name="IdleSeconds">The idle timeout.</param>
/// <param name="Tags">Its tags.</param>
public sealed record DesiredLoadBalancer(
    string Name, int ListenerPort, int InstancePort, IReadOnlyList<string> SubnetIds, string GroupId, HealthCheckSettings Check,
    int DrainSeconds, int IdleSeconds, ResourceTags Tags)
{
    /// <summary>What is probed. Anything but 200 fails.</summary>
    public string CheckTarget => $"HTTP:{InstancePort}/__heartbeat__";
}

/// <summary>A part of the load balancer that has to be set.</summary>
public enum LoadBalancerPart
{
    /// <summary>All of it: there is none.</summary>
    Existence,

    /// <summary>The tags.</summary>
    Tags,

    /// <summary>The listener.</summary>
    Listeners,

    /// <summary>The security groups.</summary>
    Groups,

    /// <summary>Subnets to add or take away.</summary>
    Subnets,

    /// <summary>The health check.</summary>
    HealthCheck,

    /// <summary>Draining, idle timeout, cross-zone balancing.</summary>
    Attributes,
}

/// <summary>The pure comparison of a load balancer with what it should be.</summary>
public static class LoadBalancerPlan
{
    /// <summary>The parts that differ, with what to tell a person.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NotOurs"/>.</exception>
    public static IReadOnlyDictionary<LoadBalancerPart, string> Compare(DesiredLoadBalancer desired, ObservedLoadBalancer? observed, string cluster)
    {
        ArgumentNullException.ThrowIfNull(desired);
        var differences = new Dictionary<LoadBalancerPart, string>();
        if (observed is null)
        {
            differences[LoadBalancerPart.Existence] = $"HTTP {desired.ListenerPort} to HTTP {desired.InstancePort}, {desired.SubnetIds.Count} zones";
            differences[LoadBalancerPart.HealthCheck] = desired.CheckTarget;
            differences[LoadBalancerPart.Attributes] = $"drain {desired.DrainSeconds} s, idle {desired.IdleSeconds} s";
            return differences;
        }

        Ownership.Require($"load balancer {desired.Name}", observed.Tags, cluster);
        var description = observed.Description;
        if (desired.Tags.Missing(observed.Tags).Values is { Count: > 0 } tags) differences[LoadBalancerPart.Tags] = string.Join(", ", tags.Keys);
        if (!ListenersMatch(desired, description))
            differences[LoadBalancerPart.Listeners] = $"HTTP {desired.ListenerPort} to HTTP {desired.InstancePort}, not {ListenersOf(description)}";
        if (!(description.SecurityGroups ?? []).SequenceEqual([desired.GroupId]))
            differences[LoadBalancerPart.Groups] = $"{desired.GroupId}, not {string.Join(", ", description.SecurityGroups ?? [])}";
        if (!(description.Subnets ?? []).ToHashSet().SetEquals(desired.SubnetIds))
            differences[LoadBalancerPart.Subnets] = $"{string.Join(", ", desired.SubnetIds)}, not {string.Join(", ", description.Subnets ?? [])}";
        if (!CheckMatches(desired, description.HealthCheck)) differences[LoadBalancerPart.HealthCheck] = desired.CheckTarget;
        if (!AttributesMatch(desired, observed.Attributes))
            differences[LoadBalancerPart.Attributes] = $"drain {desired.DrainSeconds} s, idle {desired.IdleSeconds} s, across zones";
        return differences;
    }

    /// <summary>Refuses to turn a load balancer that has webheads to another port of theirs: it sends to one port only.</summary>
    /// <param name="port">The webheads' port by the settings.</param>
    /// <param name="observed">The load balancer, or null.</param>
    /// <param name="approved">Whether serving nobody for a while was approved.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.DowntimeNotApproved"/>.</exception>
    public static void RequireSamePort(int port, ObservedLoadBalancer? observed, bool approved, string cluster)
    {
        if (approved || observed?.Description is not { Instances.Count: > 0 } description) return;
        if ((description.ListenerDescriptions ?? []).Find(item => item.Listener.InstancePort != port) is not { } other) return;
        throw new PipelineException(
            ErrorCode.DowntimeNotApproved, $"The webheads' port would change from {other.Listener.InstancePort} to {port}: nobody would be served until the first new webhead is in service.",
            lastSeen: $"{description.Instances.Count} webheads are registered with {description.LoadBalancerName}", hint: $"Keep webheads.port, or approve it: --approve={cluster}");
    }

    private static bool ListenersMatch(DesiredLoadBalancer desired, LoadBalancerDescription description) =>
        (description.ListenerDescriptions ?? []) is [{ Listener: { } listener }]
        && listener.LoadBalancerPort == desired.ListenerPort && listener.InstancePort == desired.InstancePort
        && string.Equals(listener.Protocol, "HTTP", StringComparison.OrdinalIgnoreCase)
        && string.Equals(listener.InstanceProtocol ?? listener.Protocol, "HTTP", StringComparison.OrdinalIgnoreCase);

    private static string ListenersOf(LoadBalancerDescription description) => string.Join(", ", (description.ListenerDescriptions ?? [])
        .Select(item => $"{item.Listener.Protocol} {item.Listener.LoadBalancerPort} to {item.Listener.InstanceProtocol} {item.Listener.InstancePort}"));

    private static bool CheckMatches(DesiredLoadBalancer desired, HealthCheck? check) =>
        check is not null && check.Target == desired.CheckTarget && check.Interval == desired.Check.IntervalSeconds
        && check.Timeout == desired.Check.TimeoutSeconds && check.HealthyThreshold == desired.Check.HealthyThreshold
        && check.UnhealthyThreshold == desired.Check.UnhealthyThreshold;

    private static bool AttributesMatch(DesiredLoadBalancer desired, LoadBalancerAttributes attributes) =>
        attributes.ConnectionDraining is { Enabled: true } draining && draining.Timeout == desired.DrainSeconds
        && attributes.ConnectionSettings?.IdleTimeout == desired.IdleSeconds && attributes.CrossZoneLoadBalancing?.Enabled == true;
}
