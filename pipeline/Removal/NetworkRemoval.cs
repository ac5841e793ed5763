using Amazon.EC2.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;

namespace SyncStorage.Pipeline.Removal;

/// <summary>Removes the rules between the groups, then the groups: a group that another names can't be deleted.</summary>
public sealed class NetworkRemoval(IClients clients, ClusterNames names, Observation observation, RemovalWaits waits, IProgress progress)
{
    /// <summary>Removes the groups that carry the cluster's tags.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var groups = (await observation.SecurityGroups.GetAsync(cancellationToken))
            .Where(group => ResourceTags.AreOurs((group.Tags ?? []).ToDictionary(tag => tag.Key, tag => tag.Value), names.Cluster)).ToList();
        foreach (var group in groups.Where(group => group.IpPermissions is { Count: > 0 }))
            await clients.Ec2.RevokeSecurityGroupIngressAsync(
                new RevokeSecurityGroupIngressRequest { GroupId = group.GroupId, IpPermissions = group.IpPermissions }, cancellationToken);
        foreach (var group in groups)
            await waits.DeleteAsync($"security group {group.GroupName}", token =>
                clients.Ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = group.GroupId }, token), cancellationToken);
        observation.SecurityGroups.Forget();
        if (groups.Count > 0) progress.Changed($"security groups {string.Join(", ", groups.Select(group => group.GroupName))} deleted");
    }
}
