using SyncStorage.LocalCloud.Security.Policies;
using SyncStorage.LocalCloud.Services;

namespace SyncStorage.LocalCloud.Security.Access;

/// <summary>What Systems Manager asks: about each parameter; for commands, about the document and each instance.</summary>
internal static class SsmAccess
{
    public static IEnumerable<AccessQuestion> Of(AccessKeys call) => call.Call.Operation switch
    {
        "GetParameter" or "GetParameters" or "DeleteParameter" or "DeleteParameters" =>
            call.Input.Texts("Names").Concat(call.Input.Text("Name") is { } name ? [name] : []).Select(each => Parameter(call, Action(call), each)),
        "PutParameter" => Put(call),
        "GetParametersByPath" => [Parameter(call, Action(call), call.Input.Text("Path") ?? "/")],
        "AddTagsToResource" or "RemoveTagsFromResource" or "ListTagsForResource" => [Parameter(call, Action(call), call.Input.Text("ResourceId") ?? "", call.Input.Tags("Tags"))],
        "SendCommand" => Command(call),
        _ => [call.Ask(Action(call), "*")],
    };

    private static string Action(AccessKeys call) => $"ssm:{call.Call.Operation}";

    private static IEnumerable<AccessQuestion> Put(AccessKeys call)
    {
        var name = call.Input.Text("Name") ?? "";
        var tags = call.Input.Tags("Tags");
        yield return Parameter(call, Action(call), name, tags);
        if (tags.Count > 0) yield return Parameter(call, "ssm:AddTagsToResource", name, tags);
    }

    private static IEnumerable<AccessQuestion> Command(AccessKeys call)
    {
        yield return call.Ask(Action(call), call.PublicArn("ssm", $"document/{call.Input.Text("DocumentName")}"));
        var ids = call.Input.Texts("InstanceIds");
        foreach (var id in ids) yield return call.Ask(Action(call), call.Arn("ec2", $"instance/{id}"), ("ec2", id));

        // Targets are found by their tags only after the question.
        if (ids.Count == 0) yield return call.Ask(Action(call), call.Arn("ec2", "instance/*"));
    }

    private static AccessQuestion Parameter(AccessKeys call, string action, string name, IReadOnlyList<KeyValuePair<string, string>>? requested = null)
    {
        var path = WithoutSelector(name).TrimStart('/');
        var arn = path.StartsWith("aws/", StringComparison.Ordinal) ? call.PublicArn("ssm", $"parameter/{path}") : call.Arn("ssm", $"parameter/{path}");
        return call.Ask(action, arn, ("ssm", WithoutSelector(name)), requested);
    }

    // A name may be an ARN, and may end in ":version" or ":label": what is asked about is the parameter.
    private static string WithoutSelector(string name)
    {
        var path = name.StartsWith("arn:", StringComparison.Ordinal) ? name[(name.IndexOf(":parameter", StringComparison.Ordinal) + ":parameter".Length)..] : name;
        var selector = path.IndexOf(':', StringComparison.Ordinal);
        return selector < 0 ? path : path[..selector];
    }
}
