using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Security;

/// <summary>
/// What the credentials of an instance may do: read what webheads read. As the instance profiles on AWS would say it;
/// parameters with master secrets are for admin profiles alone.
/// </summary>
internal static class InstancePolicy
{
    /// <summary>Null if <paramref name="identity"/> may make the call, otherwise what AWS would say.</summary>
    public static string? Refusal(Identity identity, ApiCall call)
    {
        if (identity.Caller.InstanceId is null) return null;
        var action = Action(call);
        var allowed = action switch
        {
            "ssm:GetParameter" => MayReadParameter(identity, (string?)call.Input["Name"]),
            "ssm:GetParameters" => (call.Input["Names"] as JsonArray ?? []).All(name => MayReadParameter(identity, (string?)name)),
            "ssm:GetParametersByPath" => true,
            "s3:GetObject" or "s3:ListBucket" or "sts:GetCallerIdentity" => true,
            _ => action.StartsWith("ec2:Describe", StringComparison.Ordinal),
        };
        return allowed ? null : Refused(identity, action);
    }

    /// <summary>As <see cref="Refusal"/>, for what only the answer shows: which parameters are below a path.</summary>
    public static string? RefusalOfResult(Identity identity, ApiCall call, ApiResult result)
    {
        if (identity.Caller.InstanceId is null || call.Operation != "GetParametersByPath") return null;
        var names = (result.Output["Parameters"] as JsonArray ?? []).Select(parameter => (string?)parameter?["Name"]);
        return names.All(name => MayReadParameter(identity, name)) ? null : Refused(identity, Action(call));
    }

    private static string Refused(Identity identity, string action) => $"User: {identity.Caller.Arn} is not authorized to perform: {action}";

    private static string Action(ApiCall call) => (call.Service, call.Operation) switch
    {
        ("s3", "HeadObject") => "s3:GetObject",
        ("s3", "ListObjectsV2" or "ListObjects" or "HeadBucket") => "s3:ListBucket",
        var (service, operation) => $"{(service == "elb" ? "elasticloadbalancing" : service)}:{operation}",
    };

    private static bool MayReadParameter(Identity identity, string? name) => IsAdmin(identity) || !IsMaster(WithoutSelector(name ?? ""));

    private static bool IsAdmin(Identity identity) => identity.InstanceProfile?.EndsWith("-admin", StringComparison.Ordinal) == true;

    private static bool IsMaster(string name) =>
        name.EndsWith("/master", StringComparison.Ordinal) || name.EndsWith("/master-secret", StringComparison.Ordinal);

    // A name may be an ARN, and may end in ":version" or ":label": neither may slip past the check of its end.
    private static string WithoutSelector(string name)
    {
        var path = name.StartsWith("arn:", StringComparison.Ordinal) ? name[(name.IndexOf(":parameter", StringComparison.Ordinal) + 10)..] : name;
        var selector = path.IndexOf(':', StringComparison.Ordinal);
        return selector < 0 ? path : path[..selector];
    }
}
