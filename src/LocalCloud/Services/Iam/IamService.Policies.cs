using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Security.Policies;

namespace SyncStorage.LocalCloud.Services.Iam;

/// <summary>Policies: those inside of roles, those attached to them, and what they come to.</summary>
internal sealed partial class IamService
{
    private const int MostAttached = 10;

    private JsonObject PutRolePolicy(JsonObject input)
    {
        var role = Role(input);
        var name = input.Required("PolicyName");
        role.Policies[name] = IamRules.Inline(role, name, input.Required("PolicyDocument"));
        return [];
    }

    private JsonObject GetRolePolicy(JsonObject input)
    {
        var role = Role(input);
        var name = input.Required("PolicyName");
        return role.Policies.TryGetValue(name, out var document)
            ? new JsonObject { ["RoleName"] = role.Name, ["PolicyName"] = name, ["PolicyDocument"] = IamShapes.Encode(document) }
            : throw IamErrors.InlinePolicyNotFound(name);
    }

    private JsonObject ListRolePolicies(JsonObject input) => Page(input, "PolicyNames", Role(input).Policies.Keys, name => name, name => JsonValue.Create(name));

    private JsonObject DeleteRolePolicy(JsonObject input)
    {
        var name = input.Required("PolicyName");
        return Role(input).Policies.Remove(name) ? [] : throw IamErrors.InlinePolicyNotFound(name);
    }

    private JsonObject AttachRolePolicy(JsonObject input)
    {
        var role = Role(input);
        var arn = input.Required("PolicyArn");
        if (FindPolicy(arn) is null) throw IamErrors.PolicyNotFound(arn);
        if (role.Attached.Contains(arn)) return [];
        if (role.Attached.Count >= MostAttached) throw IamErrors.Limit($"Cannot exceed quota for PoliciesPerRole: {MostAttached}");
        role.Attached.Add(arn);
        return [];
    }

    private JsonObject DetachRolePolicy(JsonObject input)
    {
        var arn = input.Required("PolicyArn");
        return Role(input).Attached.Remove(arn) ? [] : throw IamErrors.NotAttached(arn);
    }

    private JsonObject ListAttachedRolePolicies(JsonObject input) => Page(
        input, "AttachedPolicies", Role(input).Attached, arn => arn, arn => new JsonObject { ["PolicyName"] = arn[(arn.LastIndexOf('/') + 1)..], ["PolicyArn"] = arn });

    private JsonObject CreatePolicy(JsonObject input)
    {
        var policy = new PolicyRecord
        {
            Name = input.Required("PolicyName"),
            Path = IamRules.Path(input),
            Id = IamRules.NewId("ANPA"),
            CreatedAt = cloud.Time.GetUtcNow(),
            Document = IamRules.Managed(input.Required("PolicyDocument")),
            Description = input.Text("Description"),
        };
        if (state.Policies.Exists(other => other.Name.Equals(policy.Name, StringComparison.OrdinalIgnoreCase))) throw IamErrors.Exists("A policy", policy.Name);
        IamRules.Tag(policy.Tags, input);
        state.Policies.Add(policy);
        return new JsonObject { ["Policy"] = Shape(policy) };
    }

    private JsonObject GetPolicy(JsonObject input) => new() { ["Policy"] = Shape(Policy(input), input.Required("PolicyArn")) };

    private JsonObject GetPolicyVersion(JsonObject input)
    {
        var policy = Policy(input);
        var version = input.Required("VersionId");
        if (version != "v1") throw IamErrors.NotFound($"Policy {input.Required("PolicyArn")} version {version} does not exist or is not attachable.");
        return new JsonObject { ["PolicyVersion"] = Version(policy, withDocument: true) };
    }

    private JsonObject ListPolicies(JsonObject input)
    {
        var scope = input.Text("Scope") ?? "All";
        var aws = scope is "All" or "AWS" ? AwsManagedPolicies.All.Select(pair => (Arn: pair.Key, Policy: pair.Value)) : [];
        var own = scope is "All" or "Local" ? state.Policies.Select(policy => (Arn: shapes.PolicyArn(policy), Policy: policy)) : [];
        var shown = aws.Concat(own).Where(item => IsBelow(item.Policy.Path, input) && (input.Flag("OnlyAttached") != true || state.Roles.Exists(role => role.Attached.Contains(item.Arn))));
        return Page(input, "Policies", shown, item => item.Arn, item => Shape(item.Policy, item.Arn));
    }

    private JsonObject ListPolicyVersions(JsonObject input) => new() { ["Versions"] = new JsonArray(Version(Policy(input), withDocument: false)), ["IsTruncated"] = false };

    private JsonObject DeletePolicy(JsonObject input)
    {
        var policy = Policy(input);
        var arn = input.Required("PolicyArn");
        if (AwsManagedPolicies.All.ContainsKey(arn)) throw new AwsException("AccessDenied", "AWS's own policies can't be deleted.", 403);
        if (state.Roles.Exists(role => role.Attached.Contains(arn) || role.Boundary == arn)) throw IamErrors.Conflict("Cannot delete a policy attached to entities.");
        state.Policies.Remove(policy);
        return [];
    }

    private JsonObject Simulate(JsonObject input)
    {
        var source = input.Required("PolicySourceArn");
        var role = state.Roles.Find(role => shapes.RoleArn(role.Path, role.Name) == source) ?? throw IamErrors.NotFound($"No role {source} is known here.");
        var context = input.Structures("ContextEntries").ToDictionary(entry => entry.Text("ContextKeyName") ?? "", entry => entry.Texts("ContextKeyValues"), StringComparer.OrdinalIgnoreCase);
        var resources = input.Texts("ResourceArns") is { Count: > 0 } named ? named : ["*"];
        var policies = PoliciesOf(role);
        var results = from action in input.Texts("ActionNames")
                      from resource in resources
                      let refusal = policies.Refusal(new AccessQuestion(action, resource, context.GetValueOrDefault))
                      select new JsonObject
                      {
                          ["EvalActionName"] = action,
                          ["EvalResourceName"] = resource,
                          ["EvalDecision"] = refusal is null ? "allowed" : refusal.Contains("explicit", StringComparison.Ordinal) ? "explicitDeny" : "implicitDeny",
                          ["MatchedStatements"] = new JsonArray(),
                          ["MissingContextValues"] = new JsonArray(),
                      };
        return new JsonObject { ["EvaluationResults"] = results.ToJson(), ["IsTruncated"] = false };
    }

    private PolicyRecord Policy(JsonObject input)
    {
        var arn = input.Required("PolicyArn");
        return FindPolicy(arn) ?? throw IamErrors.PolicyNotFound(arn);
    }

    private JsonObject Shape(PolicyRecord policy, string? arn = null)
    {
        arn ??= shapes.PolicyArn(policy);
        var shape = shapes.Policy(policy, state.Roles.Count(role => role.Attached.Contains(arn)), state.Roles.Count(role => role.Boundary == arn));
        shape["Arn"] = arn;
        return shape;
    }

    private static JsonObject Version(PolicyRecord policy, bool withDocument)
    {
        var version = new JsonObject { ["VersionId"] = "v1", ["IsDefaultVersion"] = true, ["CreateDate"] = policy.CreatedAt.ToTimestamp() };
        if (withDocument) version["Document"] = IamShapes.Encode(policy.Document);
        return version;
    }
}
