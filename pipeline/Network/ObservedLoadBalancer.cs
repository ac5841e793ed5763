using Amazon.ElasticLoadBalancing.Model;
using SyncStorage.Pipeline.Aws;

namespace SyncStorage.Pipeline.Network;

/// <summary>The load balancer as it is.</summary>
/// <param name="Description">Listeners, groups, subnets, health check.</param>
/// <param name="Attributes">Draining and idle time.</param>
/// <param name="Tags">Its tags.</param>
public sealed record ObservedLoadBalancer(
    LoadBalancerDescription Description, LoadBalancerAttributes Attributes, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>Reads it, or null if there is none of that name.</summary>
    internal static async Task<ObservedLoadBalancer?> ReadAsync(IClients clients, string name, CancellationToken cancellationToken)
    {
        var description = await DescribeAsync(clients, name, cancellationToken);
        if (description is null) return null;

        var attributes = await clients.LoadBalancing.DescribeLoadBalancerAttributesAsync(
            new DescribeLoadBalancerAttributesRequest { LoadBalancerName = name }, cancellationToken);
        var tags = await clients.LoadBalancing.DescribeTagsAsync(new DescribeTagsRequest { LoadBalancerNames = [name] }, cancellationToken);
        return new ObservedLoadBalancer(
            description, attributes.LoadBalancerAttributes,
            (tags.TagDescriptions?.FirstOrDefault()?.Tags ?? []).ToDictionary(tag => tag.Key, tag => tag.Value));
    }

    /// <summary>What only a look tells, such as its name in DNS; null if there is none of that name.</summary>
    internal static Task<LoadBalancerDescription?> DescribeAsync(IClients clients, string name, CancellationToken cancellationToken) => AwsErrors.UnlessMissingAsync(async () =>
    {
        var request = new DescribeLoadBalancersRequest { LoadBalancerNames = [name] };
        return (await clients.LoadBalancing.DescribeLoadBalancersAsync(request, cancellationToken)).LoadBalancerDescriptions?.FirstOrDefault();
    });
}
