using Amazon.IdentityManagement.Model;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Removal;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Roles;

/// <summary>Removes the roles and instance profiles that the pipeline has made, with whatever was added to them since.</summary>
public sealed class RoleRemoval(IClients clients, EnvironmentSettings settings, ClusterNames names, RemovalWaits waits, IProgress progress)
{
    private readonly RoleReader reader = new(clients, names);

    /// <summary>Removes what there is and carries the cluster's tags.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string?[] named = [settings.Webheads.InstanceProfile, settings.Webheads.AdminInstanceProfile, settings.TokenServer?.InstanceProfile];
        string[] made = [names.WebheadRole, names.AdminRole, names.TokenServerRole, .. settings.InstanceNodes.Select(node => names.NodeRole(node.Name))];
        foreach (var name in made.Where(name => !named.Contains(name))) await RemoveAsync(name, cancellationToken);
    }

    /// <summary>Removes one role and the instance profile of its name, where they are there and carry the cluster's tags.</summary>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        var (role, profile) = await reader.ReadAsync(name, cancellationToken);
        if (role is not null && IsOurs($"role {name}", role.Tags)) await RemoveRoleAsync(name, cancellationToken);
        if (profile is not null && IsOurs($"instance profile {name}", profile.Tags)) await RemoveProfileAsync(name, cancellationToken);
    }

    private bool IsOurs(string what, IReadOnlyDictionary<string, string> tags)
    {
        var ours = ResourceTags.AreOurs(tags, names.Cluster);
        if (!ours) progress.Notice($"{what} is not this cluster's, and stays");
        return ours;
    }

    private async Task RemoveProfileAsync(string name, CancellationToken cancellationToken)
    {
        if ((await reader.ProfileAsync(name, cancellationToken))?.Role is { } role) await LeaveAsync(role, name, cancellationToken);
        await waits.DeleteAsync($"instance profile {name}", token =>
            clients.Iam.DeleteInstanceProfileAsync(new DeleteInstanceProfileRequest { InstanceProfileName = name }, token), cancellationToken);
        progress.Changed($"instance profile {name} deleted");
    }

    private async Task RemoveRoleAsync(string name, CancellationToken cancellationToken)
    {
        var profiles = await AwsErrors.UnlessMissingAsync<ListInstanceProfilesForRoleResponse>(async () =>
            await clients.Iam.ListInstanceProfilesForRoleAsync(new ListInstanceProfilesForRoleRequest { RoleName = name }, cancellationToken));
        foreach (var profile in profiles?.InstanceProfiles ?? []) await LeaveAsync(name, profile.InstanceProfileName, cancellationToken);
        var inline = await AwsErrors.UnlessMissingAsync<ListRolePoliciesResponse>(async () =>
            await clients.Iam.ListRolePoliciesAsync(new ListRolePoliciesRequest { RoleName = name }, cancellationToken));
        foreach (var policy in inline?.PolicyNames ?? [])
            await AwsErrors.IfThereAsync(() => clients.Iam.DeleteRolePolicyAsync(new DeleteRolePolicyRequest { RoleName = name, PolicyName = policy }, cancellationToken));
        var attached = await AwsErrors.UnlessMissingAsync<ListAttachedRolePoliciesResponse>(async () =>
            await clients.Iam.ListAttachedRolePoliciesAsync(new ListAttachedRolePoliciesRequest { RoleName = name }, cancellationToken));
        foreach (var policy in attached?.AttachedPolicies ?? [])
            await AwsErrors.IfThereAsync(() => clients.Iam.DetachRolePolicyAsync(new DetachRolePolicyRequest { RoleName = name, PolicyArn = policy.PolicyArn }, cancellationToken));
        await waits.DeleteAsync($"role {name}", token => clients.Iam.DeleteRoleAsync(new DeleteRoleRequest { RoleName = name }, token), cancellationToken);
        progress.Changed($"role {name} deleted");
    }

    private Task LeaveAsync(string role, string profile, CancellationToken cancellationToken) => AwsErrors.IfThereAsync(() =>
        clients.Iam.RemoveRoleFromInstanceProfileAsync(new RemoveRoleFromInstanceProfileRequest { InstanceProfileName = profile, RoleName = role }, cancellationToken));
}
