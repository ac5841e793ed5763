using Amazon.Route53.Model;

namespace SyncStorage.Pipeline.Dns;

/// <summary>The hosted zone of the settings.</summary>
/// <param name="Id">Its id, without what stands before it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Comment">What whoever made it wrote, or null.</param>
public sealed record ZoneFacts(string Id, string Name, string? Comment)
{
    internal static ZoneFacts Of(HostedZone zone) => new(DnsName.BareId(zone.Id), DnsName.Plain(zone.Name), zone.Config?.Comment);
}

/// <summary>Where the virtual hostnames are to lead.</summary>
/// <param name="ZoneId">The hosted zone of the load balancer's own name.</param>
/// <param name="Name">The load balancer's name, in lower case, without a dot at the end.</param>
public sealed record AliasGoal(string ZoneId, string Name);
