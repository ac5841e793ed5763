using SyncStorage.LocalCloud.Security.Policies;
using SyncStorage.LocalCloud.Services;
using SyncStorage.LocalCloud.Services.Iam;

namespace SyncStorage.LocalCloud.Security.Access;

/// <summary>What IAM asks.</summary>
internal static class IamAccess
{
    public static IEnumerable<AccessQuestion> Of(AccessKeys call, IamService iam)
    {
        var action = $"iam:{call.Call.Operation}";
        var (input, tags) = (call.Input, call.Input.Tags("Tags"));
        if (input.Text("InstanceProfileName") is { } profile)
        {
            yield return call.Ask(action, iam.ProfileArn(profile, input.Text("Path")), ("iam", $"instance-profile/{profile}"), tags);
            if (call.Call.Operation == "CreateInstanceProfile" && tags.Count > 0) yield return call.Ask("iam:TagInstanceProfile", iam.ProfileArn(profile, input.Text("Path")), requested: tags);
            if (call.Call.Operation == "AddRoleToInstanceProfile")
                yield return call.Ask("iam:PassRole", iam.RoleArn(input.Text("RoleName") ?? ""), more: new Dictionary<string, string> { ["iam:PassedToService"] = "ec2.amazonaws.com" });
        }
        else if (input.Text("RoleName") is { } role)
        {
            var more = input.Text("PermissionsBoundary") is { } boundary ? new Dictionary<string, string> { ["iam:PermissionsBoundary"] = boundary } : [];
            if (input.Text("PolicyArn") is { } attached) more["iam:PolicyARN"] = attached;
            yield return call.Ask(action, iam.RoleArn(role, input.Text("Path")), ("iam", $"role/{role}"), tags, more);
            if (call.Call.Operation == "CreateRole" && tags.Count > 0) yield return call.Ask("iam:TagRole", iam.RoleArn(role, input.Text("Path")), requested: tags);
        }
        else
        {
            yield return call.Ask(action, Listed(call, iam));
        }
    }

    private static string Listed(AccessKeys call, IamService iam) => call.Call.Operation switch
    {
        _ when call.Input.Text("ServerCertificateName") is { } certificate => iam.CertificateArn(certificate, call.Input.Text("Path")),
        "ListServerCertificates" => iam.CertificateArn("", call.Input.Text("PathPrefix")),
        "ListRoles" => iam.RoleArn("", call.Input.Text("PathPrefix")),
        "ListInstanceProfiles" => iam.ProfileArn("", call.Input.Text("PathPrefix")),
        _ => call.Input.Text("PolicyArn") ?? call.Input.Text("PolicySourceArn") ?? "*",
    };
}
