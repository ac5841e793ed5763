using System.Net;
using Amazon.IdentityManagement;
using Amazon.IdentityManagement.Model;
using Amazon.Runtime;
using SyncStorage.Pipeline.Aws;
using SyncStorage.Pipeline.Tests.Aws;
using SyncStorage.Pipeline.Tests.Rollout;

namespace SyncStorage.Pipeline.Tests.Roles;

/// <summary>Roles and instance profiles in memory, with the troubles that IAM has.</summary>
internal sealed class FakeIam : NoClients
{
    private readonly Dictionary<string, Role> roles = [];
    private readonly Dictionary<string, InstanceProfile> profiles = [];
    private readonly Dictionary<(string Role, string Policy), string> policies = [];
    private readonly Dictionary<string, int> unknown = [];

    public FakeIam() => Iam = (IAmazonIdentityManagementService)FakeFleetCloud.Calls.To(typeof(IAmazonIdentityManagementService), Answer);

    public override IAmazonIdentityManagementService Iam { get; }

    /// <summary>The calls so far, by name.</summary>
    public List<string> Calls { get; } = [];

    public IEnumerable<string> Changes => Calls.Where(IsChange);

    /// <summary>The answers of changes are lost, and the SDK tries again: what the caller gets is the second answer.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>For how many calls what is new is unknown.</summary>
    public int UnknownFor { get; set; }

    /// <summary>How many changes there may be until the process is killed; null for any number.</summary>
    public int? KillAfter { get; set; }

    /// <summary>All there is, for comparison.</summary>
    public IReadOnlyList<string> World =>
    [
        .. roles.Values.Select(role => $"role {role.Path}{role.RoleName} {role.AssumeRolePolicyDocument} {role.PermissionsBoundary?.PermissionsBoundaryArn} {Tags(role.Tags)}"),
        .. policies.Select(policy => $"policy {policy.Key} {policy.Value}"),
        .. profiles.Values.Select(profile => $"profile {profile.Path}{profile.InstanceProfileName} {string.Join(',', profile.Roles.Select(role => role.RoleName))} {Tags(profile.Tags)}"),
    ];

    public Dictionary<string, List<string>> Attached { get; } = [];

    public Role Role(string name) => roles[name];

    private static bool IsChange(string call) => !call.StartsWith("Get", StringComparison.Ordinal) && !call.StartsWith("List", StringComparison.Ordinal);

    private static string Tags(List<Tag> tags) => string.Join(',', tags.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal));

    private object Answer(object request)
    {
        Calls.Add(request.GetType().Name[..^"Request".Length]);
        var changes = IsChange(Calls[^1]);
        if (changes && KillAfter-- == 0) throw new OperationCanceledException("killed");
        var answer = Carry(request);
        return changes && LosesAnswers ? Carry(request) : answer;
    }

    private object Carry(object request) => request switch
    {
        CreateRoleRequest create => Create(create),
        CreateInstanceProfileRequest create => Create(create),
        GetRoleRequest get => new GetRoleResponse { Role = Known(roles, get.RoleName) },
        GetInstanceProfileRequest get => new GetInstanceProfileResponse { InstanceProfile = Known(profiles, get.InstanceProfileName) },
        GetRolePolicyRequest get => new GetRolePolicyResponse { PolicyDocument = Uri.EscapeDataString(policies.GetValueOrDefault((Known(roles, get.RoleName).RoleName, get.PolicyName)) ?? throw Missing()) },
        ListInstanceProfilesRequest list => new ListInstanceProfilesResponse { InstanceProfiles = profiles.Values.Where(profile => profile.Path == list.PathPrefix).ToList() is { Count: > 0 } some ? some : null },
        ListInstanceProfilesForRoleRequest list => new ListInstanceProfilesForRoleResponse { InstanceProfiles = [.. profiles.Values.Where(profile => profile.Roles.Any(role => role.RoleName == list.RoleName))] },
        ListRolePoliciesRequest list => new ListRolePoliciesResponse { PolicyNames = [.. policies.Keys.Where(key => key.Role == list.RoleName).Select(key => key.Policy)] },
        ListAttachedRolePoliciesRequest list => new ListAttachedRolePoliciesResponse { AttachedPolicies = Attached.GetValueOrDefault(list.RoleName)?.ConvertAll(arn => new AttachedPolicyType { PolicyArn = arn }) },
        PutRolePolicyRequest put => Do(() => policies[(Known(roles, put.RoleName).RoleName, put.PolicyName)] = put.PolicyDocument, new PutRolePolicyResponse()),
        DeleteRolePolicyRequest delete => Do(() => Need(policies.Remove((delete.RoleName, delete.PolicyName))), new DeleteRolePolicyResponse()),
        DetachRolePolicyRequest detach => Do(() => Need(Attached[detach.RoleName].Remove(detach.PolicyArn)), new DetachRolePolicyResponse()),
        UpdateAssumeRolePolicyRequest update => Do(() => Known(roles, update.RoleName).AssumeRolePolicyDocument = update.PolicyDocument, new UpdateAssumeRolePolicyResponse()),
        TagRoleRequest tag => Do(() => Known(roles, tag.RoleName).Tags = Merge(roles[tag.RoleName].Tags, tag.Tags), new TagRoleResponse()),
        TagInstanceProfileRequest tag => Do(() => Known(profiles, tag.InstanceProfileName).Tags = Merge(profiles[tag.InstanceProfileName].Tags, tag.Tags), new TagInstanceProfileResponse()),
        AddRoleToInstanceProfileRequest add => Do(() => Add(Known(profiles, add.InstanceProfileName), Known(roles, add.RoleName)), new AddRoleToInstanceProfileResponse()),
        RemoveRoleFromInstanceProfileRequest remove => Do(() => Need(Known(profiles, remove.InstanceProfileName).Roles.RemoveAll(role => role.RoleName == remove.RoleName) > 0), new RemoveRoleFromInstanceProfileResponse()),
        DeleteInstanceProfileRequest delete => Do(() => Need(profiles.Remove(delete.InstanceProfileName)), new DeleteInstanceProfileResponse()),
        DeleteRoleRequest delete => Do(() => Delete(delete.RoleName), new DeleteRoleResponse()),
        _ => throw new NotSupportedException(request.GetType().Name),
    };

    private CreateRoleResponse Create(CreateRoleRequest request)
    {
        var role = new Role { RoleName = request.RoleName, Path = request.Path, AssumeRolePolicyDocument = request.AssumeRolePolicyDocument, Tags = request.Tags };
        if (request.PermissionsBoundary is { } boundary) role.PermissionsBoundary = new AttachedPermissionsBoundary { PermissionsBoundaryArn = boundary };
        if (!roles.TryAdd(role.RoleName, role)) throw Error("EntityAlreadyExists", HttpStatusCode.Conflict);
        unknown[role.RoleName] = UnknownFor;
        return new CreateRoleResponse { Role = role };
    }

    private CreateInstanceProfileResponse Create(CreateInstanceProfileRequest request)
    {
        var profile = new InstanceProfile { InstanceProfileName = request.InstanceProfileName, Path = request.Path, Tags = request.Tags, Roles = [] };
        return profiles.TryAdd(profile.InstanceProfileName, profile) ? new CreateInstanceProfileResponse { InstanceProfile = profile } : throw Error("EntityAlreadyExists", HttpStatusCode.Conflict);
    }

    private void Delete(string role)
    {
        if (policies.Keys.Any(key => key.Role == role) || profiles.Values.Any(profile => profile.Roles.Any(one => one.RoleName == role)) || Attached.GetValueOrDefault(role) is { Count: > 0 })
            throw Error("DeleteConflict", HttpStatusCode.Conflict);
        Need(roles.Remove(role));
    }

    private static void Add(InstanceProfile profile, Role role)
    {
        if (profile.Roles.Count > 0) throw Error("LimitExceeded", HttpStatusCode.Conflict);
        profile.Roles.Add(role);
    }

    private static List<Tag> Merge(List<Tag> old, List<Tag> added) => [.. old.Where(tag => added.TrueForAll(one => one.Key != tag.Key)), .. added];

    private T Known<T>(Dictionary<string, T> all, string name)
    {
        if (unknown.GetValueOrDefault(name) > 0)
        {
            unknown[name]--;
            throw Missing();
        }

        return all.TryGetValue(name, out var found) ? found : throw Missing();
    }

    private static void Need(bool there)
    {
        if (!there) throw Missing();
    }

    private static object Do(Action act, object answer)
    {
        act();
        return answer;
    }

    private static AmazonIdentityManagementServiceException Missing() => Error("NoSuchEntity", HttpStatusCode.NotFound);

    private static AmazonIdentityManagementServiceException Error(string code, HttpStatusCode status) => new(code, null!, ErrorType.Sender, code, "r", status);
}
