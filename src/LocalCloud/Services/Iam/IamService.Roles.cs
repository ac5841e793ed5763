using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Iam;

/// <summary>Roles: their trust, boundary and tags.</summary>
internal sealed partial class IamService
{
    private const int MostRoles = 1_000;

    private JsonObject CreateRole(JsonObject input)
    {
        var name = input.Required("RoleName");
        var path = IamRules.Path(input);
        var trust = IamRules.Trust(input.Required("AssumeRolePolicyDocument"));
        if (FindRole(name) is not null) throw IamErrors.Exists("Role", name);
        if (state.Roles.Count >= MostRoles) throw IamErrors.Limit($"Cannot exceed quota for RolesPerAccount: {MostRoles}");
        var role = new RoleRecord
        {
            Name = name,
            Path = path,
            Id = IamRules.NewId("AROA"),
            CreatedAt = cloud.Time.GetUtcNow(),
            Trust = trust,
            Description = input.Text("Description"),
            MaxSessionSeconds = input.Number("MaxSessionDuration") ?? 3600,
            Boundary = input.Text("PermissionsBoundary") is { } boundary ? Boundary(boundary) : null,
        };
        IamRules.Tag(role.Tags, input);
        state.Roles.Add(role);
        return new JsonObject { ["Role"] = shapes.Role(role) };
    }

    private JsonObject GetRole(JsonObject input) => new() { ["Role"] = shapes.Role(Role(input)) };

    private JsonObject ListRoles(JsonObject input) =>
        Page(input, "Roles", state.Roles.Where(role => IsBelow(role.Path, input)), role => role.Name, role => shapes.Role(role, inList: true));

    private JsonObject UpdateRole(JsonObject input)
    {
        var role = Role(input);
        if (input.Text("Description") is { } description) role.Description = description;
        if (input.Number("MaxSessionDuration") is { } seconds) role.MaxSessionSeconds = seconds;
        return [];
    }

    private JsonObject UpdateTrust(JsonObject input)
    {
        Role(input).Trust = IamRules.Trust(input.Required("PolicyDocument"));
        return [];
    }

    private JsonObject DeleteRole(JsonObject input)
    {
        var role = Role(input);
        if (state.Profiles.Exists(profile => profile.Role == role.Name)) throw IamErrors.Conflict("Cannot delete entity, must remove roles from instance profile first.");
        if (role.Policies.Count > 0) throw IamErrors.Conflict("Cannot delete entity, must delete policies first.");
        if (role.Attached.Count > 0) throw IamErrors.Conflict("Cannot delete entity, must detach all policies first.");
        state.Roles.Remove(role);
        return [];
    }

    private JsonObject TagRole(JsonObject input)
    {
        IamRules.Tag(Role(input).Tags, input);
        return [];
    }

    private JsonObject UntagRole(JsonObject input) => Untag(Role(input).Tags, input);

    private JsonObject ListRoleTags(JsonObject input) => new() { ["Tags"] = Role(input).Tags.ToTags(), ["IsTruncated"] = false };

    private JsonObject PutBoundary(JsonObject input)
    {
        Role(input).Boundary = Boundary(input.Required("PermissionsBoundary"));
        return [];
    }

    private JsonObject DeleteBoundary(JsonObject input)
    {
        Role(input).Boundary = null;
        return [];
    }

    private string Boundary(string arn) => FindPolicy(arn) is null ? throw IamErrors.NotFound($"Scope ARN: {arn} does not exist or is not attachable.") : arn;
}
