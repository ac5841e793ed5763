using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;

namespace SyncStorage.Pipeline.Rollout;

/// <summary>What a webhead is launched from, as a hash: the planner compares these, so that a new instance type rolls the fleet.</summary>
public static class LaunchSpec
{
    /// <summary>16 hexadecimal digits over image key, type, group, profile and user data.</summary>
    public static string Of(string imageKey, LaunchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ImageKey.HashOf(imageKey, request.InstanceType, request.GroupId, request.InstanceProfile ?? "", request.UserData);
    }
}
