using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Iam;

/// <summary>Instance profiles: each carries one role at most.</summary>
internal sealed partial class IamService
{
    private JsonObject CreateProfile(JsonObject input)
    {
        var name = input.Required("InstanceProfileName");
        if (FindProfile(name) is not null) throw IamErrors.Exists("Instance Profile", name);
        var profile = new ProfileRecord { Name = name, Path = IamRules.Path(input), Id = IamRules.NewId("AIPA"), CreatedAt = cloud.Time.GetUtcNow() };
        IamRules.Tag(profile.Tags, input);
        state.Profiles.Add(profile);
        return new JsonObject { ["InstanceProfile"] = Shape(profile) };
    }

    private JsonObject GetProfile(JsonObject input) => new() { ["InstanceProfile"] = Shape(Profile(input)) };

    private JsonObject ListProfiles(JsonObject input) =>
        Page(input, "InstanceProfiles", state.Profiles.Where(profile => IsBelow(profile.Path, input)), profile => profile.Name, profile => Shape(profile, inList: true));

    private JsonObject ListProfilesForRole(JsonObject input)
    {
        var role = Role(input);
        return Page(input, "InstanceProfiles", state.Profiles.Where(profile => profile.Role == role.Name), profile => profile.Name, profile => Shape(profile, inList: true));
    }

    private JsonObject DeleteProfile(JsonObject input)
    {
        var profile = Profile(input);
        if (profile.Role is not null) throw IamErrors.Conflict("Cannot delete entity, must remove roles from instance profile first.");
        state.Profiles.Remove(profile);
        return [];
    }

    private JsonObject AddRole(JsonObject input)
    {
        var profile = Profile(input);
        var role = Role(input);
        if (profile.Role is not null) throw IamErrors.Limit("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
        profile.Role = role.Name;
        return [];
    }

    private JsonObject RemoveRole(JsonObject input)
    {
        var profile = Profile(input);
        var name = input.Required("RoleName");
        if (profile.Role is null || !profile.Role.Equals(name, StringComparison.OrdinalIgnoreCase)) throw IamErrors.RoleNotFound(name);
        profile.Role = null;
        return [];
    }

    private JsonObject TagProfile(JsonObject input)
    {
        IamRules.Tag(Profile(input).Tags, input);
        return [];
    }

    private JsonObject UntagProfile(JsonObject input) => Untag(Profile(input).Tags, input);

    private JsonObject ListProfileTags(JsonObject input) => new() { ["Tags"] = Profile(input).Tags.ToTags(), ["IsTruncated"] = false };

    private JsonObject Shape(ProfileRecord profile, bool inList = false) => shapes.Profile(profile, profile.Role is { } role ? FindRole(role) : null, inList);
}
