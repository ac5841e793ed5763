using SyncStorage.LocalCloud.Security.Policies;

namespace SyncStorage.LocalCloud.Core;

/// <summary>Instance profiles as EC2, the metadata endpoints and the checks of permissions see them.</summary>
internal interface IInstanceProfiles
{
    /// <summary>A profile by its name; null if there is none.</summary>
    ProfileFacts? Find(string name);

    /// <summary>What instances with a profile may do; null if it is gone, or has no role.</summary>
    PolicySet? PoliciesOf(string profile);
}

/// <summary>An instance profile.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arn">Its ARN.</param>
/// <param name="Id">Its id.</param>
/// <param name="Role">The name of its role; null if it has none.</param>
/// <param name="RoleArn">The role's ARN; null if it has none.</param>
/// <param name="IsKnownToEc2">Whether EC2 has heard of it: a new one takes its time.</param>
internal sealed record ProfileFacts(string Name, string Arn, string Id, string? Role, string? RoleArn, bool IsKnownToEc2);
