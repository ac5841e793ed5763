using Amazon.EC2.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Network;

/// <summary>One way in: a protocol, ports, and who may come.</summary>
/// <param name="Protocol"><c>tcp</c>, or what was found.</param>
/// <param name="FromPort">The first port.</param>
/// <param name="ToPort">The last port.</param>
/// <param name="Peer">A CIDR, a group's name where it is known, its id otherwise, or a prefix list's id.</param>
public sealed record IngressRule(string Protocol, int FromPort, int ToPort, string Peer)
{
    /// <inheritdoc/>
    public override string ToString() =>
        FromPort == ToPort ? $"{Protocol} {FromPort} from {Peer}" : $"{Protocol} {FromPort}-{ToPort} from {Peer}";

    internal static IngressRule Tcp(int port, string peer) => new("tcp", port, port, peer);
}

/// <summary>A group as the settings want it.</summary>
/// <param name="Name">Its fixed name.</param>
/// <param name="Role">Its tag <c>Role</c>.</param>
/// <param name="Description">What AWS shows; it can't be changed later.</param>
/// <param name="Ingress">Who may come in.</param>
public sealed record DesiredGroup(string Name, string Role, string Description, IReadOnlyList<IngressRule> Ingress);

/// <summary>What one group needs.</summary>
/// <param name="Group">The group as wanted.</param>
/// <param name="GroupId">Its id, or null if it must be created.</param>
/// <param name="MissingTags">Tags to add; empty if none.</param>
/// <param name="Authorize">Rules to add.</param>
/// <param name="Revoke">Rules to remove, as found.</param>
public sealed record SecurityGroupChange(
    DesiredGroup Group, string? GroupId, ResourceTags MissingTags, IReadOnlyList<IngressRule> Authorize, IReadOnlyList<IngressRule> Revoke)
{
    /// <summary>Whether anything differs.</summary>
    public bool IsNeeded => GroupId is null || MissingTags.Values.Count > 0 || Authorize.Count > 0 || Revoke.Count > 0;

    /// <summary>The differences, for people.</summary>
    public IEnumerable<PlannedChange> Describe()
    {
        var resource = $"security group {Group.Name}";
        if (GroupId is null) yield return new PlannedChange(ChangeKind.Create, resource, Group.Description);
        else if (MissingTags.Values.Count > 0) yield return new PlannedChange(ChangeKind.Update, resource, $"tag {string.Join(", ", MissingTags.Values.Keys)}");
        foreach (var rule in Authorize) yield return new PlannedChange(ChangeKind.Create, resource, $"allow {rule}");
        foreach (var rule in Revoke) yield return new PlannedChange(ChangeKind.Delete, resource, $"allow {rule}");
    }
}

/// <summary>The cluster's groups, five and two more with a token server, and the pure comparison of what is with what should be.</summary>
public static class SecurityGroupPlan
{
    /// <summary>MySQL's port.</summary>
    public const int DatabasePort = 3306;

    /// <summary>memcached's port.</summary>
    public const int CachePort = 11211;

    /// <summary>The groups as the settings want them, sources before those that name them.</summary>
    public static IReadOnlyList<DesiredGroup> Desired(EnvironmentSettings settings, ClusterNames names)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(names);
        return
        [
            new(names.LoadBalancerGroup, "lb", "Sync load balancer: clients to its listener",
                [.. settings.ListenerPorts.SelectMany(port => settings.Network.ClientCidrs.Select(cidr => IngressRule.Tcp(port, cidr)))]),
            new(names.WebGroup, "webhead", "Sync webheads: the load balancer to the web port",
                [IngressRule.Tcp(settings.Webheads.Port, names.LoadBalancerGroup), .. settings.Network.SshCidrs.Select(cidr => IngressRule.Tcp(22, cidr))]),
            new(names.BuildGroup, "builder", "Sync image builder: nothing comes in", []),
            .. TokenServer(settings, names),
            new(names.DatabaseGroup, "dbnode", "Sync dbnodes: the webheads to MySQL",
                settings.TokenServer is null ? [IngressRule.Tcp(DatabasePort, names.WebGroup)] : [IngressRule.Tcp(DatabasePort, names.WebGroup), IngressRule.Tcp(DatabasePort, names.TokenServerGroup)]),
            new(names.CacheGroup, "cache", "Sync cache: the webheads to memcached", [IngressRule.Tcp(CachePort, names.WebGroup)]),
        ];
    }

    private static IEnumerable<DesiredGroup> TokenServer(EnvironmentSettings settings, ClusterNames names)
    {
        if (settings.TokenServer is not { } server) yield break;
        yield return new(names.TokenServerLoadBalancerGroup, "lb", "Sync token server load balancer: clients to its listener",
            [.. settings.Network.ClientCidrs.Select(cidr => IngressRule.Tcp(server.LoadBalancer.Port, cidr))]);
        yield return new(names.TokenServerGroup, ServiceRole.TokenServer.Tag, "Sync token servers: their load balancer to their port",
            [IngressRule.Tcp(server.Port, names.TokenServerLoadBalancerGroup), .. settings.Network.SshCidrs.Select(cidr => IngressRule.Tcp(22, cidr))]);
    }

    /// <summary>What each wanted group needs, in their order.</summary>
    /// <param name="desired">The groups as wanted.</param>
    /// <param name="observed">The VPC's groups with the wanted names.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NotOurs"/>: a group has the name, but not the cluster's tags.</exception>
    public static IReadOnlyList<SecurityGroupChange> Compare(IReadOnlyList<DesiredGroup> desired, IReadOnlyList<SecurityGroup> observed, string cluster)
    {
        var nameOf = observed.ToDictionary(group => group.GroupId, group => group.GroupName);
        return [.. desired.Select(group => Compare(group, observed.FirstOrDefault(seen => seen.GroupName == group.Name), nameOf, cluster))];
    }

    private static SecurityGroupChange Compare(DesiredGroup desired, SecurityGroup? observed, Dictionary<string, string> nameOf, string cluster)
    {
        var tags = ResourceTags.Of(cluster, desired.Role).With("Name", desired.Name);
        if (observed is null) return new SecurityGroupChange(desired, null, tags, desired.Ingress, []);

        var seenTags = (observed.Tags ?? []).ToDictionary(tag => tag.Key, tag => tag.Value);
        Ownership.Require($"security group {desired.Name} ({observed.GroupId})", seenTags, cluster);
        var seen = Flatten(observed.IpPermissions ?? [], nameOf).ToList();
        return new SecurityGroupChange(
            desired, observed.GroupId, tags.Missing(seenTags), [.. desired.Ingress.Except(seen)], [.. seen.Except(desired.Ingress)]);
    }

    private static IEnumerable<IngressRule> Flatten(List<IpPermission> permissions, Dictionary<string, string> nameOf) =>
        from permission in permissions
        from peer in (permission.Ipv4Ranges ?? []).Select(range => range.CidrIp)
            .Concat((permission.Ipv6Ranges ?? []).Select(range => range.CidrIpv6))
            .Concat((permission.PrefixListIds ?? []).Select(list => list.Id))
            .Concat((permission.UserIdGroupPairs ?? []).Select(pair => nameOf.GetValueOrDefault(pair.GroupId, pair.GroupId)))
        select new IngressRule(permission.IpProtocol, permission.FromPort ?? -1, permission.ToPort ?? -1, peer);
}
