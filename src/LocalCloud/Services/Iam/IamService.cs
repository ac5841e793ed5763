using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Security.Policies;
using SyncStorage.LocalCloud.Services.Iam.Certificates;

namespace SyncStorage.LocalCloud.Services.Iam;

/// <summary>IAM, API 2010-05-08: roles with their policies, and the instance profiles that carry them.</summary>
internal sealed partial class IamService : IAwsService, IInstanceProfiles
{
    /// <summary>How long AWS takes until EC2 knows a new instance profile, or its role.</summary>
    private static readonly TimeSpan UnknownToEc2 = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly CloudContext cloud;
    private readonly ServerCertificates certificates;
    private readonly IamShapes shapes;
    private readonly StateFile<IamState> file;
    private readonly IamState state;

    public IamService(CloudContext cloud, ServerCertificates certificates)
    {
        this.cloud = cloud;
        this.certificates = certificates;
        shapes = new IamShapes(cloud);
        file = new StateFile<IamState>(cloud.StateDirectory, Name);
        state = file.Load();
        var operations = new Dictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>>(StringComparer.Ordinal)
        {
            ["CreateRole"] = Changing(CreateRole),
            ["GetRole"] = Reading(GetRole),
            ["ListRoles"] = Reading(ListRoles),
            ["UpdateRole"] = Changing(UpdateRole),
            ["UpdateAssumeRolePolicy"] = Changing(UpdateTrust),
            ["DeleteRole"] = Changing(DeleteRole),
            ["TagRole"] = Changing(TagRole),
            ["UntagRole"] = Changing(UntagRole),
            ["ListRoleTags"] = Reading(ListRoleTags),
            ["PutRolePermissionsBoundary"] = Changing(PutBoundary),
            ["DeleteRolePermissionsBoundary"] = Changing(DeleteBoundary),
            ["PutRolePolicy"] = Changing(PutRolePolicy),
            ["GetRolePolicy"] = Reading(GetRolePolicy),
            ["ListRolePolicies"] = Reading(ListRolePolicies),
            ["DeleteRolePolicy"] = Changing(DeleteRolePolicy),
            ["AttachRolePolicy"] = Changing(AttachRolePolicy),
            ["DetachRolePolicy"] = Changing(DetachRolePolicy),
            ["ListAttachedRolePolicies"] = Reading(ListAttachedRolePolicies),
            ["CreatePolicy"] = Changing(CreatePolicy),
            ["GetPolicy"] = Reading(GetPolicy),
            ["GetPolicyVersion"] = Reading(GetPolicyVersion),
            ["ListPolicies"] = Reading(ListPolicies),
            ["ListPolicyVersions"] = Reading(ListPolicyVersions),
            ["DeletePolicy"] = Changing(DeletePolicy),
            ["SimulatePrincipalPolicy"] = Reading(Simulate),
            ["CreateInstanceProfile"] = Changing(CreateProfile),
            ["GetInstanceProfile"] = Reading(GetProfile),
            ["ListInstanceProfiles"] = Reading(ListProfiles),
            ["ListInstanceProfilesForRole"] = Reading(ListProfilesForRole),
            ["DeleteInstanceProfile"] = Changing(DeleteProfile),
            ["AddRoleToInstanceProfile"] = Changing(AddRole),
            ["RemoveRoleFromInstanceProfile"] = Changing(RemoveRole),
            ["TagInstanceProfile"] = Changing(TagProfile),
            ["UntagInstanceProfile"] = Changing(UntagProfile),
            ["ListInstanceProfileTags"] = Reading(ListProfileTags),
        };
        foreach (var (name, handler) in certificates.Operations) operations.Add(name, (call, _) => Task.FromResult<ApiResult>(handler(call.Input)));
        Operations = operations;
    }

    public string Name => "iam";

    public IReadOnlyDictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>> Operations { get; }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(bool keepProcesses, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    ProfileFacts? IInstanceProfiles.Find(string name)
    {
        lock (gate)
        {
            if (FindProfile(name) is not { } profile) return null;
            var role = profile.Role is { } its ? FindRole(its) : null;
            var known = cloud.Time.GetUtcNow() - profile.CreatedAt >= cloud.Scale.Of(UnknownToEc2);
            return new ProfileFacts(
                profile.Name, shapes.ProfileArn(profile.Path, profile.Name), profile.Id, role?.Name, role is null ? null : shapes.RoleArn(role.Path, role.Name), known);
        }
    }

    /// <inheritdoc/>
    public PolicySet? PoliciesOf(string profile)
    {
        lock (gate) return FindProfile(profile)?.Role is { } role && FindRole(role) is { } record ? PoliciesOf(record) : null;
    }

    /// <summary>A role's ARN, for what is asked about it before it is looked up; as its request says where there is none yet.</summary>
    public string RoleArn(string name, string? path = null)
    {
        lock (gate) return shapes.RoleArn(FindRole(name)?.Path ?? path ?? "/", name);
    }

    /// <summary>As <see cref="RoleArn"/>, for an instance profile.</summary>
    public string ProfileArn(string name, string? path = null)
    {
        lock (gate) return shapes.ProfileArn(FindProfile(name)?.Path ?? path ?? "/", name);
    }

    /// <summary>As <see cref="RoleArn"/>, for a server certificate.</summary>
    public string CertificateArn(string name, string? path = null) => certificates.Arn(name, path);

    private PolicySet PoliciesOf(RoleRecord role) => new(
        [.. role.Policies.Values.Concat(role.Attached.Select(DocumentOf).OfType<string>()).Select(PolicyDocument.Parse)],
        role.Boundary is { } boundary ? PolicyDocument.Parse(DocumentOf(boundary) ?? """{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}""") : null);

    private string? DocumentOf(string arn) => FindPolicy(arn)?.Document;

    private RoleRecord? FindRole(string name) => state.Roles.Find(role => role.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private RoleRecord Role(JsonObject input) => Role(input.Required("RoleName"));

    private RoleRecord Role(string name) => FindRole(name) ?? throw IamErrors.RoleNotFound(name);

    private ProfileRecord? FindProfile(string name) => state.Profiles.Find(profile => profile.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private ProfileRecord Profile(JsonObject input)
    {
        var name = input.Required("InstanceProfileName");
        return FindProfile(name) ?? throw IamErrors.ProfileNotFound(name);
    }

    private PolicyRecord? FindPolicy(string arn) =>
        AwsManagedPolicies.All.GetValueOrDefault(arn) ?? state.Policies.Find(policy => shapes.PolicyArn(policy) == arn);

    private Func<ApiCall, CancellationToken, Task<ApiResult>> Reading(Func<JsonObject, JsonObject> handler) => gate.Locked(handler);

    private Func<ApiCall, CancellationToken, Task<ApiResult>> Changing(Func<JsonObject, JsonObject> handler) => gate.Locked(handler, () => file.Save(state));

    /// <summary>One page of a list, sorted by <paramref name="key"/>.</summary>
    internal static JsonObject Page<T>(JsonObject input, string member, IEnumerable<T> items, Func<T, string> key, Func<T, JsonNode?> shape)
    {
        var size = input.Number("MaxItems") ?? 100;
        var rest = items.OrderBy(key, StringComparer.Ordinal).Where(item => input.Text("Marker") is not { } marker || string.CompareOrdinal(key(item), marker) > 0).ToList();
        var output = new JsonObject { [member] = new JsonArray([.. rest.Take(size).Select(shape)]), ["IsTruncated"] = rest.Count > size };
        if (rest.Count > size) output["Marker"] = key(rest[size - 1]);
        return output;
    }

    internal static JsonObject Untag(Dictionary<string, string> tags, JsonObject input)
    {
        foreach (var key in input.Texts("TagKeys")) tags.Remove(key);
        return [];
    }

    private static bool IsBelow(string path, JsonObject input) => path.StartsWith(input.Text("PathPrefix") ?? "/", StringComparison.Ordinal);
}
