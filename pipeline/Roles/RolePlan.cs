using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Planning;

namespace SyncStorage.Pipeline.Roles;

/// <summary>A part of a role or its profile that is to be set, in the order in which they are.</summary>
internal enum RolePart
{
    Role,
    Profile,
    Trust,
    RoleTags,
    Boundary,
    Policy,
    ProfileTags,
    OtherRole,
    Membership,
}

/// <summary>The pure comparison of a role and its profile with what they should be.</summary>
internal static class RolePlan
{
    /// <summary>What a role looks like that is as it should be.</summary>
    public static ObservedRole AsWanted(DesiredRole role, string cluster, string? boundary = null) =>
        new(new SeenRole(DesiredRole.Trust, role.Policy, boundary, Tags(role, cluster).Values), new SeenProfile(role.Name, Tags(role, cluster).Values));

    /// <summary>The tags of both.</summary>
    public static ResourceTags Tags(DesiredRole role, string cluster) => ResourceTags.Of(cluster, role.Role).With("Name", role.Name);

    /// <summary>The parts that differ.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.NotOurs"/>: a role or profile has the name, but not the cluster's tags.</exception>
    public static IReadOnlyList<RolePart> Compare(DesiredRole wanted, ObservedRole observed, string? boundary, string cluster)
    {
        var (role, profile) = observed;
        if (role is not null) Ownership.Require($"role {wanted.Name}", role.Tags, cluster);
        if (profile is not null) Ownership.Require($"instance profile {wanted.Name}", profile.Tags, cluster);
        var parts = new List<RolePart>();
        if (role is null) parts.Add(RolePart.Role);
        if (profile is null) parts.Add(RolePart.Profile);
        if (role is not null && !PolicyJson.AreSame(role.Trust, DesiredRole.Trust)) parts.Add(RolePart.Trust);
        if (role is not null && Tags(wanted, cluster).Missing(role.Tags).Values.Count > 0) parts.Add(RolePart.RoleTags);
        if (role is not null && role.Boundary != boundary) parts.Add(RolePart.Boundary);
        if (!PolicyJson.AreSame(role?.Policy, wanted.Policy)) parts.Add(RolePart.Policy);
        if (profile is not null && Tags(wanted, cluster).Missing(profile.Tags).Values.Count > 0) parts.Add(RolePart.ProfileTags);
        if (profile?.Role is { } other && other != wanted.Name) parts.Add(RolePart.OtherRole);
        if (profile?.Role != wanted.Name) parts.Add(RolePart.Membership);
        return parts;
    }

    /// <summary>The differences, for people.</summary>
    public static IEnumerable<PlannedChange> Describe(DesiredRole wanted, ObservedRole observed, string? boundary, string cluster) =>
        Compare(wanted, observed, boundary, cluster).Select(part => Describe(part, wanted, observed, boundary, cluster)).OfType<PlannedChange>();

    /// <summary>One difference; null of what goes with the creation of the thing itself.</summary>
    public static PlannedChange? Describe(RolePart part, DesiredRole wanted, ObservedRole observed, string? boundary, string cluster)
    {
        var (role, profile) = ($"role {wanted.Name}", $"instance profile {wanted.Name}");
        PlannedChange Changed(string what, string name, string? from, string? to) => PlannedChange.Of(ChangeKind.Update, what, new ValueChange(name, from, to));
        return part switch
        {
            RolePart.Role => new PlannedChange(ChangeKind.Create, role, wanted.Description),
            RolePart.Profile => new PlannedChange(ChangeKind.Create, profile, $"with {role}"),
            RolePart.Trust => new PlannedChange(ChangeKind.Update, role, "its trust policy"),
            RolePart.RoleTags => new PlannedChange(ChangeKind.Update, role, $"tag {string.Join(", ", Tags(wanted, cluster).Missing(observed.Role!.Tags).Values.Keys)}"),
            RolePart.Boundary => Changed(role, "permissions boundary", observed.Role!.Boundary, boundary),
            RolePart.Policy when observed.Role is not null => new PlannedChange(ChangeKind.Update, role, $"its policy {DesiredRole.PolicyName}"),
            RolePart.ProfileTags => new PlannedChange(ChangeKind.Update, profile, $"tag {string.Join(", ", Tags(wanted, cluster).Missing(observed.Profile!.Tags).Values.Keys)}"),
            RolePart.Membership when observed.Profile is not null => Changed(profile, "role", observed.Profile.Role, wanted.Name),
            _ => null,
        };
    }
}
