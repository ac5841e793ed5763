using Amazon.EC2;
using Amazon.EC2.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Network;

/// <summary>Ensure-Security-Groups: makes the groups, and puts back what drifted, sending only the difference.</summary>
public sealed class SecurityGroupStage(
    IClients clients, EnvironmentSettings settings, ClusterNames names, Observation observation, RunOptions options, Waiter waiter, IProgress progress) : IPlannedStage
{
    private IReadOnlyList<DesiredGroup> Desired => SecurityGroupPlan.Desired(settings, names);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(CancellationToken cancellationToken) =>
        [.. (await CompareAsync(cancellationToken)).SelectMany(change => change.Describe())];

    /// <summary>Brings the groups to what the settings say.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var changes = await CompareAsync(cancellationToken);
        if (!changes.Any(change => change.IsNeeded))
        {
            progress.Found($"security groups {string.Join(", ", changes.Select(change => change.Group.Name))} are as the settings say");
            return;
        }

        LoadBalancerPlan.RequireSamePort(settings.Webheads.Port, await observation.LoadBalancer.GetAsync(cancellationToken), options.Approve == names.Cluster, names.Cluster);
        if (changes.Any(change => change.GroupId is null))
        {
            await CreateAsync(changes, cancellationToken);

            // What appeared meanwhile is compared too: it may be another's, or have its rules already.
            changes = await CompareAsync(cancellationToken);
        }

        var ids = (await observation.SecurityGroups.GetAsync(cancellationToken)).ToDictionary(group => group.GroupName, group => group.GroupId);
        foreach (var change in changes.Where(change => change.IsNeeded))
            await waiter.OncePossibleAsync(
                $"security group {change.Group.Name} to take changes", settings.Waits.Pace(settings.Waits.InstanceSeconds),
                async token =>
                {
                    await ApplyAsync(change, ids, token);
                    return true;
                },
                cancellationToken);
        if (changes.All(change => change is { MissingTags.Values.Count: 0, Revoke.Count: 0 })) await KnowAsync(changes, ids, cancellationToken);
        else observation.SecurityGroups.Forget();
    }

    // Where rules were only added, what there is now is known.
    private async Task KnowAsync(IReadOnlyList<SecurityGroupChange> changes, Dictionary<string, string> ids, CancellationToken cancellationToken)
    {
        foreach (var group in await observation.SecurityGroups.GetAsync(cancellationToken))
        {
            var added = changes.Where(change => change.Group.Name == group.GroupName).SelectMany(change => change.Authorize);
            group.IpPermissions = [.. group.IpPermissions ?? [], .. added.Select(rule => Permission(rule, ids))];
        }
    }

    private async Task<IReadOnlyList<SecurityGroupChange>> CompareAsync(CancellationToken cancellationToken) =>
        SecurityGroupPlan.Compare(Desired, await observation.SecurityGroups.GetAsync(cancellationToken), names.Cluster);

    private async Task CreateAsync(IReadOnlyList<SecurityGroupChange> changes, CancellationToken cancellationToken)
    {
        var network = await observation.Network.GetAsync(cancellationToken);
        foreach (var change in changes.Where(change => change.GroupId is null))
        {
            await AwsErrors.UnlessExistsAsync(() => clients.Ec2.CreateSecurityGroupAsync(
                new CreateSecurityGroupRequest
                {
                    GroupName = change.Group.Name,
                    Description = change.Group.Description,
                    VpcId = network.VpcId,
                    TagSpecifications = [new TagSpecification { ResourceType = ResourceType.SecurityGroup, Tags = change.MissingTags.ToEc2() }],
                },
                cancellationToken));
            progress.Changed($"created security group {change.Group.Name}");
        }

        // A describe may not yet know what was just made.
        await waiter.UntilAsync("the new security groups to be known", settings.Waits.Pace(settings.Waits.InstanceSeconds), async token =>
        {
            var seen = (await observation.SecurityGroups.RefreshAsync(token)).Select(group => group.GroupName).ToHashSet();
            var missing = changes.Select(change => change.Group.Name).Where(name => !seen.Contains(name)).ToList();
            return missing.Count == 0 ? Poll.Done(true) : Poll.NotYet<bool>($"not yet {string.Join(", ", missing)}");
        }, cancellationToken);
    }

    private async Task ApplyAsync(SecurityGroupChange change, Dictionary<string, string> ids, CancellationToken cancellationToken)
    {
        var groupId = ids[change.Group.Name];
        if (change.GroupId is not null && change.MissingTags.Values.Count > 0)
        {
            await clients.Ec2.CreateTagsAsync(new CreateTagsRequest { Resources = [groupId], Tags = change.MissingTags.ToEc2() }, cancellationToken);
            progress.Changed($"{change.Group.Name}: tagged {string.Join(", ", change.MissingTags.Values.Keys)}");
        }

        // One duplicate fails the whole call, so only the difference is sent.
        if (change.Authorize.Count > 0)
        {
            await clients.Ec2.AuthorizeSecurityGroupIngressAsync(
                new AuthorizeSecurityGroupIngressRequest { GroupId = groupId, IpPermissions = [.. change.Authorize.Select(rule => Permission(rule, ids))] }, cancellationToken);
            progress.Changed($"{change.Group.Name}: allows {string.Join("; ", change.Authorize)}");
        }

        if (change.Revoke.Count > 0)
        {
            await clients.Ec2.RevokeSecurityGroupIngressAsync(
                new RevokeSecurityGroupIngressRequest { GroupId = groupId, IpPermissions = [.. change.Revoke.Select(rule => Permission(rule, ids))] }, cancellationToken);
            progress.Changed($"{change.Group.Name}: no longer allows {string.Join("; ", change.Revoke)}");
        }
    }

    private static IpPermission Permission(IngressRule rule, Dictionary<string, string> ids)
    {
        var permission = new IpPermission { IpProtocol = rule.Protocol, FromPort = rule.FromPort, ToPort = rule.ToPort };
        if (rule.Peer.Contains(':', StringComparison.Ordinal)) permission.Ipv6Ranges = [new Ipv6Range { CidrIpv6 = rule.Peer }];
        else if (rule.Peer.Contains('/', StringComparison.Ordinal)) permission.Ipv4Ranges = [new IpRange { CidrIp = rule.Peer }];
        else if (rule.Peer.StartsWith("pl-", StringComparison.Ordinal)) permission.PrefixListIds = [new PrefixListId { Id = rule.Peer }];
        else permission.UserIdGroupPairs = [new UserIdGroupPair { GroupId = ids.GetValueOrDefault(rule.Peer, rule.Peer) }];
        return permission;
    }
}
