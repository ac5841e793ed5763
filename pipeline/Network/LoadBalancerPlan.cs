using Amazon.ElasticLoadBalancing.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Network;

/// <summary>A listener as the settings want it.</summary>
/// <param name="Protocol"><c>HTTP</c> or <c>HTTPS</c>.</param>
/// <param name="Port">The port of clients.</param>
/// <param name="InstancePort">The port of webheads.</param>
/// <param name="CertificateArn">The certificate; null without TLS.</param>
/// <param name="TlsPolicy">Which of AWS's policies on TLS; null without TLS.</param>
/// <param name="InstanceProtocol">What it speaks to webheads: <c>HTTP</c> or <c>HTTPS</c>.</param>
public sealed record DesiredListener(string Protocol, int Port, int InstancePort, string? CertificateArn = null, string? TlsPolicy = null, string InstanceProtocol = "HTTP")
{
    // A policy belongs to one load balancer, and refers to one of AWS's: its name says to which.
    private const string PolicyPrefix = "SyncStorage-";

    /// <summary>The name of the load balancer's policy that refers to <see cref="TlsPolicy"/>.</summary>
    public string? PolicyName => TlsPolicy is null ? null : PolicyPrefix + TlsPolicy;

    /// <inheritdoc/>
    public override string ToString() => $"{Protocol} {Port} to {InstanceProtocol} {InstancePort}";
}

/// <summary>The load balancer as the settings want it.</summary>
/// <param name="Name">Its fixed name.</param>
/// <param name="Listeners">Its listeners, the one that serves first.</param>
/// <param name="InstancePort">The port of webheads.</param>
/// <param name="SubnetIds">One a zone.</param>
/// <param name="GroupId">The load balancer's group.</param>
/// <param name="Check">The health check.</param>
/// <param name="DrainSeconds">The longest drain.</param>
/// <param name="IdleSeconds">The idle timeout.</param>
/// <param name="Tags">Its tags.</param>
public sealed record DesiredLoadBalancer(
    string Name, IReadOnlyList<DesiredListener> Listeners, int InstancePort, IReadOnlyList<string> SubnetIds, string GroupId, HealthCheckSettings Check,
    int DrainSeconds, int IdleSeconds, ResourceTags Tags)
{
    /// <summary>What is probed. Anything but 200 fails.</summary>
    public string CheckTarget => $"{Listeners[0].InstanceProtocol}:{InstancePort}/__heartbeat__";
}

/// <summary>A part of the load balancer that has to be set.</summary>
public enum LoadBalancerPart
{
    /// <summary>All of it: there is none.</summary>
    Existence,

    /// <summary>The tags.</summary>
    Tags,

    /// <summary>The listeners.</summary>
    Listeners,

    /// <summary>The certificate of the listener with TLS.</summary>
    Certificate,

    /// <summary>Its policy on TLS.</summary>
    TlsPolicy,

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
    /// <summary>The parts that differ, with the values of each.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NotOurs"/>.</exception>
    public static IReadOnlyDictionary<LoadBalancerPart, IReadOnlyList<ValueChange>> Compare(DesiredLoadBalancer desired, ObservedLoadBalancer? observed, string cluster)
    {
        ArgumentNullException.ThrowIfNull(desired);
        if (observed is not null) Ownership.Require($"load balancer {desired.Name}", observed.Tags, cluster);
        var description = observed?.Description;
        var parts = new (LoadBalancerPart Part, IReadOnlyList<ValueChange> Values)[]
        {
            (LoadBalancerPart.Existence, observed is null ? [new("listener", null, ListenersOf(desired)), new("zones", null, $"{desired.SubnetIds.Count}")] : []),
            (LoadBalancerPart.Tags, observed is null ? [] : Tags(desired.Tags.Missing(observed.Tags).Values, observed.Tags)),
            (LoadBalancerPart.Listeners, description is null ? [] : ValueChange.Where(new ValueChange("listener", ListenersOf(description), ListenersOf(desired)))),
            (LoadBalancerPart.Certificate, Certificate(desired, description)),
            (LoadBalancerPart.TlsPolicy, TlsPolicy(desired, description)),
            (LoadBalancerPart.Groups, description is null ? [] : ValueChange.Where(new ValueChange("security group", Join(description.SecurityGroups), desired.GroupId))),
            (LoadBalancerPart.Subnets, description is null ? [] : ValueChange.Where(new ValueChange("subnets", Join(description.Subnets), Join(desired.SubnetIds)))),
            (LoadBalancerPart.HealthCheck, HealthCheck(desired, description?.HealthCheck)),
            (LoadBalancerPart.Attributes, Attributes(desired, observed?.Attributes)),
        };
        return parts.Where(part => part.Values.Count > 0).ToDictionary(part => part.Part, part => part.Values);
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

    /// <summary>A listener that is there, in the words of <see cref="DesiredListener"/>.</summary>
    internal static string TextOf(Listener listener) =>
        $"{listener.Protocol} {listener.LoadBalancerPort} to {listener.InstanceProtocol ?? listener.Protocol} {listener.InstancePort}".ToUpperInvariant()
            .Replace(" TO ", " to ", StringComparison.Ordinal);

    private static string ListenersOf(DesiredLoadBalancer desired) => Join(desired.Listeners.Select(listener => $"{listener}"))!;

    private static string ListenersOf(LoadBalancerDescription description) => Join((description.ListenerDescriptions ?? []).Select(item => TextOf(item.Listener))) ?? "none";

    // A listener that is made anew gets its certificate with it.
    private static IReadOnlyList<ValueChange> Certificate(DesiredLoadBalancer desired, LoadBalancerDescription? description) =>
        [.. from wanted in desired.Listeners
            where wanted.CertificateArn is not null && Find(description, wanted) is not null
            from change in ValueChange.Where(new ValueChange("certificate", Find(description, wanted)!.Listener.SSLCertificateId, wanted.CertificateArn))
            select change];

    private static IReadOnlyList<ValueChange> TlsPolicy(DesiredLoadBalancer desired, LoadBalancerDescription? description) =>
        [.. from wanted in desired.Listeners
            where wanted.PolicyName is not null
            from change in ValueChange.Where(new ValueChange("TLS policy", Join(Find(description, wanted)?.PolicyNames), wanted.PolicyName))
            select change];

    private static ListenerDescription? Find(LoadBalancerDescription? description, DesiredListener wanted) =>
        (description?.ListenerDescriptions ?? []).Find(item => TextOf(item.Listener) == $"{wanted}");

    private static IReadOnlyList<ValueChange> Tags(IReadOnlyDictionary<string, string> missing, IReadOnlyDictionary<string, string> found) =>
        [.. missing.Select(tag => new ValueChange($"tag {tag.Key}", found.GetValueOrDefault(tag.Key), tag.Value))];

    private static IReadOnlyList<ValueChange> HealthCheck(DesiredLoadBalancer desired, HealthCheck? found) => ValueChange.Where(
        new ValueChange("health check", found?.Target, desired.CheckTarget),
        new ValueChange("health check interval", Seconds(found?.Interval), Seconds(desired.Check.IntervalSeconds)),
        new ValueChange("health check timeout", Seconds(found?.Timeout), Seconds(desired.Check.TimeoutSeconds)),
        new ValueChange("healthy threshold", found is null ? null : $"{found.HealthyThreshold}", $"{desired.Check.HealthyThreshold}"),
        new ValueChange("unhealthy threshold", found is null ? null : $"{found.UnhealthyThreshold}", $"{desired.Check.UnhealthyThreshold}"));

    private static IReadOnlyList<ValueChange> Attributes(DesiredLoadBalancer desired, LoadBalancerAttributes? found) => ValueChange.Where(
        new ValueChange("draining", found?.ConnectionDraining is { Enabled: true } draining ? Seconds(draining.Timeout) : found is null ? null : "off", Seconds(desired.DrainSeconds)),
        new ValueChange("idle timeout", Seconds(found?.ConnectionSettings?.IdleTimeout), Seconds(desired.IdleSeconds)),
        new ValueChange("cross-zone balancing", found is null ? null : found.CrossZoneLoadBalancing?.Enabled == true ? "on" : "off", "on"));

    private static string? Seconds(int? value) => value is null ? null : $"{value} s";

    private static string? Join(IEnumerable<string>? values) => string.Join(", ", (values ?? []).Order(StringComparer.Ordinal)) is { Length: > 0 } text ? text : null;
}
