using Amazon.IdentityManagement.Model;
using SyncStorage.Pipeline.Aws;

namespace SyncStorage.Pipeline.Roles;

/// <summary>A role as AWS has it.</summary>
/// <param name="Trust">Its trust policy.</param>
/// <param name="Policy">The inline policy, or null.</param>
/// <param name="Boundary">The ARN of its permissions boundary, or null.</param>
/// <param name="Tags">Its tags.</param>
internal sealed record SeenRole(string? Trust, string? Policy, string? Boundary, IReadOnlyDictionary<string, string> Tags);

/// <summary>An instance profile as AWS has it.</summary>
/// <param name="Role">The name of its role, or null.</param>
/// <param name="Tags">Its tags.</param>
internal sealed record SeenProfile(string? Role, IReadOnlyDictionary<string, string> Tags);

/// <summary>What there is of a role and its instance profile; null is what does not exist.</summary>
internal sealed record ObservedRole(SeenRole? Role, SeenProfile? Profile);

/// <summary>Looks at roles and profiles.</summary>
internal sealed class RoleReader(IClients clients, ClusterNames names)
{
    /// <summary>
    /// What there is of the roles that are wanted. One list shows all of the cluster's profiles with their roles' trust; only where that or the
    /// policy is not as it should be, or there is a boundary, which lists leave out, are role and profile asked for one by one.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, ObservedRole>> ReadAsync(IReadOnlyList<DesiredRole> wanted, string? boundary, CancellationToken cancellationToken)
    {
        var observed = new Dictionary<string, ObservedRole>(StringComparer.Ordinal);
        if (wanted.Count == 0) return observed;
        var profiles = boundary is null ? await ListAsync(cancellationToken) : [];
        foreach (var role in wanted)
        {
            var isWell = profiles.Find(profile => profile.InstanceProfileName == role.Name)?.Roles is [var its] && its.RoleName == role.Name
                && PolicyJson.AreSame(PolicyJson.Decode(its.AssumeRolePolicyDocument), DesiredRole.Trust)
                && PolicyJson.AreSame(await PolicyAsync(role.Name, cancellationToken), role.Policy);
            observed[role.Name] = isWell
                ? RolePlan.AsWanted(role, names.Cluster)
                : await ReadAsync(role.Name, mayHaveProfile: boundary is not null || profiles.Exists(profile => profile.InstanceProfileName == role.Name), cancellationToken);
        }

        return observed;
    }

    /// <summary>All that there is of one.</summary>
    public Task<ObservedRole> ReadAsync(string name, CancellationToken cancellationToken) => ReadAsync(name, mayHaveProfile: true, cancellationToken);

    // Where there is neither role nor listed profile, nothing is there; a profile elsewhere shows when ours is made.
    private async Task<ObservedRole> ReadAsync(string name, bool mayHaveProfile, CancellationToken cancellationToken)
    {
        var role = await AwsErrors.UnlessMissingAsync<Role>(async () => (await clients.Iam.GetRoleAsync(new GetRoleRequest { RoleName = name }, cancellationToken)).Role);
        var policy = role is null ? null : await PolicyAsync(name, cancellationToken);
        return new ObservedRole(
            role is null ? null : new SeenRole(PolicyJson.Decode(role.AssumeRolePolicyDocument), policy, role.PermissionsBoundary?.PermissionsBoundaryArn, TagsOf(role.Tags)),
            role is null && !mayHaveProfile ? null : await ProfileAsync(name, cancellationToken));
    }

    /// <summary>An instance profile, or null.</summary>
    public async Task<SeenProfile?> ProfileAsync(string name, CancellationToken cancellationToken)
    {
        var profile = await AwsErrors.UnlessMissingAsync<InstanceProfile>(async () =>
            (await clients.Iam.GetInstanceProfileAsync(new GetInstanceProfileRequest { InstanceProfileName = name }, cancellationToken)).InstanceProfile);
        return profile is null ? null : new SeenProfile(profile.Roles?.FirstOrDefault()?.RoleName, TagsOf(profile.Tags));
    }

    private async Task<string?> PolicyAsync(string role, CancellationToken cancellationToken)
    {
        var request = new GetRolePolicyRequest { RoleName = role, PolicyName = DesiredRole.PolicyName };
        return PolicyJson.Decode((await AwsErrors.UnlessMissingAsync<GetRolePolicyResponse>(async () => await clients.Iam.GetRolePolicyAsync(request, cancellationToken)))?.PolicyDocument);
    }

    private async Task<List<InstanceProfile>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new List<InstanceProfile>();
        var request = new ListInstanceProfilesRequest { PathPrefix = names.RolePath };
        do
        {
            var page = await clients.Iam.ListInstanceProfilesAsync(request, cancellationToken);
            found.AddRange(page.InstanceProfiles ?? []);
            request.Marker = page.IsTruncated == true ? page.Marker : null;
        }
        while (!string.IsNullOrEmpty(request.Marker));
        return found;
    }

    private static Dictionary<string, string> TagsOf(List<Tag>? tags) => (tags ?? []).ToDictionary(tag => tag.Key, tag => tag.Value);
}
