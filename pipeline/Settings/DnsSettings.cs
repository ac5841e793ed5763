using System.ComponentModel.DataAnnotations;

namespace SyncStorage.Pipeline.Settings;

/// <summary>The DNS records of the virtual hostnames, in a hosted zone of Route 53.</summary>
public sealed record DnsSettings
{
    /// <summary>The hosted zone: its name, like <c>example.com</c>, or its id, where several zones have the name. On LocalCloud one that is named is made.</summary>
    [RegularExpression("Z[A-Z0-9]{1,31}|[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", ErrorMessage = "a DNS name in lower case, or the id of a hosted zone like Z0123456789ABCDEFGHIJ"), StringLength(253)]
    public required string Zone { get; init; }

    /// <summary>
    /// The name server that is asked what the names resolve to, like <c>9.9.9.9:53</c>; null for this machine's resolver, or LocalCloud's own.
    /// </summary>
    [MinLength(1)]
    public string? Resolver { get; init; }

    /// <summary>How long names may take until they resolve to the load balancer, once their records are there, in seconds. Default 300.</summary>
    [Range(1.0, 86400.0)]
    public double ResolveSeconds { get; init; } = 300;
}
