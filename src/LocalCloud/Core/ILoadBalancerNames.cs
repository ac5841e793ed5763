using System.Net;

namespace SyncStorage.LocalCloud.Core;

/// <summary>Load balancers as DNS knows them.</summary>
internal interface ILoadBalancerNames
{
    /// <summary>The hosted zone that has the names of all load balancers; aliases state it.</summary>
    string HostedZoneId { get; }

    /// <summary>The domain that these names are in, without a dot at the end.</summary>
    string Domain { get; }

    /// <summary>The addresses of a load balancer; null if there is none of that name.</summary>
    /// <param name="dnsName">In lower case, without a dot at the end.</param>
    IReadOnlyList<IPAddress>? AddressesOf(string dnsName);
}
