using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Iam;

/// <summary>Records as the API shows them. Documents are URL-encoded, as IAM gives them back.</summary>
internal sealed class IamShapes(CloudContext cloud)
{
    public string RoleArn(string path, string name) => $"arn:aws:iam::{cloud.AccountId}:role{path}{name}";

    public string ProfileArn(string path, string name) => $"arn:aws:iam::{cloud.AccountId}:instance-profile{path}{name}";

    public string PolicyArn(PolicyRecord policy) => $"arn:aws:iam::{cloud.AccountId}:policy{policy.Path}{policy.Name}";

    /// <summary>A policy's document as it is answered.</summary>
    public static string Encode(string document) => Uri.EscapeDataString(document);

    /// <summary>A role. Lists of them leave the tags and the boundary out, as IAM's do.</summary>
    public JsonObject Role(RoleRecord role, bool inList = false)
    {
        var shape = new JsonObject
        {
            ["Path"] = role.Path,
            ["RoleName"] = role.Name,
            ["RoleId"] = role.Id,
            ["Arn"] = RoleArn(role.Path, role.Name),
            ["CreateDate"] = role.CreatedAt.ToTimestamp(),
            ["AssumeRolePolicyDocument"] = Encode(role.Trust),
            ["MaxSessionDuration"] = role.MaxSessionSeconds,
        };
        if (role.Description is { } description) shape["Description"] = description;
        if (inList) return shape;
        if (role.Boundary is { } boundary) shape["PermissionsBoundary"] = new JsonObject { ["PermissionsBoundaryType"] = "PermissionsBoundaryPolicy", ["PermissionsBoundaryArn"] = boundary };
        shape["Tags"] = role.Tags.ToTags();
        return shape;
    }

    /// <summary>An instance profile.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="role">Its role, or null.</param>
    /// <param name="inList">Whether it stands in a list: those show no tags.</param>
    public JsonObject Profile(ProfileRecord profile, RoleRecord? role, bool inList = false)
    {
        var shape = new JsonObject
        {
            ["Path"] = profile.Path,
            ["InstanceProfileName"] = profile.Name,
            ["InstanceProfileId"] = profile.Id,
            ["Arn"] = ProfileArn(profile.Path, profile.Name),
            ["CreateDate"] = profile.CreatedAt.ToTimestamp(),
            ["Roles"] = role is null ? [] : new JsonArray(Role(role, inList: true)),
        };
        if (!inList) shape["Tags"] = profile.Tags.ToTags();
        return shape;
    }

    /// <summary>A policy of the account's own.</summary>
    public JsonObject Policy(PolicyRecord policy, int attachments, int boundaries) => new()
    {
        ["PolicyName"] = policy.Name,
        ["PolicyId"] = policy.Id,
        ["Arn"] = PolicyArn(policy),
        ["Path"] = policy.Path,
        ["DefaultVersionId"] = "v1",
        ["AttachmentCount"] = attachments,
        ["PermissionsBoundaryUsageCount"] = boundaries,
        ["IsAttachable"] = true,
        ["Description"] = policy.Description,
        ["CreateDate"] = policy.CreatedAt.ToTimestamp(),
        ["UpdateDate"] = policy.CreatedAt.ToTimestamp(),
        ["Tags"] = policy.Tags.ToTags(),
    };
}
