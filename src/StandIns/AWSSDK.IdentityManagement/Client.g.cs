// Written by src/StandIns/generate.py: don't edit.
// As the official classes, these say nothing about the nullability of references.
#nullable disable
using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.IdentityManagement.Model;
using SyncStorage.StandIns.Query;

namespace Amazon.IdentityManagement;

public interface IAmazonIdentityManagementService : IAmazonService, IDisposable
{
    Task<AddRoleToInstanceProfileResponse> AddRoleToInstanceProfileAsync(AddRoleToInstanceProfileRequest request, CancellationToken cancellationToken = default);
    Task<AttachRolePolicyResponse> AttachRolePolicyAsync(AttachRolePolicyRequest request, CancellationToken cancellationToken = default);
    Task<CreateInstanceProfileResponse> CreateInstanceProfileAsync(CreateInstanceProfileRequest request, CancellationToken cancellationToken = default);
    Task<CreatePolicyResponse> CreatePolicyAsync(CreatePolicyRequest request, CancellationToken cancellationToken = default);
    Task<CreateRoleResponse> CreateRoleAsync(CreateRoleRequest request, CancellationToken cancellationToken = default);
    Task<DeleteInstanceProfileResponse> DeleteInstanceProfileAsync(DeleteInstanceProfileRequest request, CancellationToken cancellationToken = default);
    Task<DeletePolicyResponse> DeletePolicyAsync(DeletePolicyRequest request, CancellationToken cancellationToken = default);
    Task<DeleteRoleResponse> DeleteRoleAsync(DeleteRoleRequest request, CancellationToken cancellationToken = default);
    Task<DeleteRolePermissionsBoundaryResponse> DeleteRolePermissionsBoundaryAsync(DeleteRolePermissionsBoundaryRequest request, CancellationToken cancellationToken = default);
    Task<DeleteRolePolicyResponse> DeleteRolePolicyAsync(DeleteRolePolicyRequest request, CancellationToken cancellationToken = default);
    Task<DeleteServerCertificateResponse> DeleteServerCertificateAsync(DeleteServerCertificateRequest request, CancellationToken cancellationToken = default);
    Task<DetachRolePolicyResponse> DetachRolePolicyAsync(DetachRolePolicyRequest request, CancellationToken cancellationToken = default);
    Task<GetInstanceProfileResponse> GetInstanceProfileAsync(GetInstanceProfileRequest request, CancellationToken cancellationToken = default);
    Task<GetPolicyResponse> GetPolicyAsync(GetPolicyRequest request, CancellationToken cancellationToken = default);
    Task<GetPolicyVersionResponse> GetPolicyVersionAsync(GetPolicyVersionRequest request, CancellationToken cancellationToken = default);
    Task<GetRoleResponse> GetRoleAsync(GetRoleRequest request, CancellationToken cancellationToken = default);
    Task<GetRolePolicyResponse> GetRolePolicyAsync(GetRolePolicyRequest request, CancellationToken cancellationToken = default);
    Task<GetServerCertificateResponse> GetServerCertificateAsync(GetServerCertificateRequest request, CancellationToken cancellationToken = default);
    Task<ListAttachedRolePoliciesResponse> ListAttachedRolePoliciesAsync(ListAttachedRolePoliciesRequest request, CancellationToken cancellationToken = default);
    Task<ListInstanceProfileTagsResponse> ListInstanceProfileTagsAsync(ListInstanceProfileTagsRequest request, CancellationToken cancellationToken = default);
    Task<ListInstanceProfilesResponse> ListInstanceProfilesAsync(ListInstanceProfilesRequest request, CancellationToken cancellationToken = default);
    Task<ListInstanceProfilesForRoleResponse> ListInstanceProfilesForRoleAsync(ListInstanceProfilesForRoleRequest request, CancellationToken cancellationToken = default);
    Task<ListPoliciesResponse> ListPoliciesAsync(ListPoliciesRequest request, CancellationToken cancellationToken = default);
    Task<ListPolicyVersionsResponse> ListPolicyVersionsAsync(ListPolicyVersionsRequest request, CancellationToken cancellationToken = default);
    Task<ListRolePoliciesResponse> ListRolePoliciesAsync(ListRolePoliciesRequest request, CancellationToken cancellationToken = default);
    Task<ListRoleTagsResponse> ListRoleTagsAsync(ListRoleTagsRequest request, CancellationToken cancellationToken = default);
    Task<ListRolesResponse> ListRolesAsync(ListRolesRequest request, CancellationToken cancellationToken = default);
    Task<ListServerCertificateTagsResponse> ListServerCertificateTagsAsync(ListServerCertificateTagsRequest request, CancellationToken cancellationToken = default);
    Task<ListServerCertificatesResponse> ListServerCertificatesAsync(ListServerCertificatesRequest request, CancellationToken cancellationToken = default);
    Task<PutRolePermissionsBoundaryResponse> PutRolePermissionsBoundaryAsync(PutRolePermissionsBoundaryRequest request, CancellationToken cancellationToken = default);
    Task<PutRolePolicyResponse> PutRolePolicyAsync(PutRolePolicyRequest request, CancellationToken cancellationToken = default);
    Task<RemoveRoleFromInstanceProfileResponse> RemoveRoleFromInstanceProfileAsync(RemoveRoleFromInstanceProfileRequest request, CancellationToken cancellationToken = default);
    Task<SimulatePrincipalPolicyResponse> SimulatePrincipalPolicyAsync(SimulatePrincipalPolicyRequest request, CancellationToken cancellationToken = default);
    Task<TagInstanceProfileResponse> TagInstanceProfileAsync(TagInstanceProfileRequest request, CancellationToken cancellationToken = default);
    Task<TagRoleResponse> TagRoleAsync(TagRoleRequest request, CancellationToken cancellationToken = default);
    Task<TagServerCertificateResponse> TagServerCertificateAsync(TagServerCertificateRequest request, CancellationToken cancellationToken = default);
    Task<UntagInstanceProfileResponse> UntagInstanceProfileAsync(UntagInstanceProfileRequest request, CancellationToken cancellationToken = default);
    Task<UntagRoleResponse> UntagRoleAsync(UntagRoleRequest request, CancellationToken cancellationToken = default);
    Task<UntagServerCertificateResponse> UntagServerCertificateAsync(UntagServerCertificateRequest request, CancellationToken cancellationToken = default);
    Task<UpdateAssumeRolePolicyResponse> UpdateAssumeRolePolicyAsync(UpdateAssumeRolePolicyRequest request, CancellationToken cancellationToken = default);
    Task<UpdateRoleResponse> UpdateRoleAsync(UpdateRoleRequest request, CancellationToken cancellationToken = default);
    Task<UploadServerCertificateResponse> UploadServerCertificateAsync(UploadServerCertificateRequest request, CancellationToken cancellationToken = default);
}

public class AmazonIdentityManagementServiceConfig() : QueryClientConfig(AmazonIdentityManagementServiceClient.Service.Model);

public class AmazonIdentityManagementServiceException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
    : AmazonServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public partial class AmazonIdentityManagementServiceClient : QueryClient, IAmazonIdentityManagementService
{
    internal static readonly QueryService Service = new("iam", "AmazonIdentityManagementService", (message, inner, type, code, requestId, status) =>
        new AmazonIdentityManagementServiceException(message, inner, type, code, requestId, status));

    public AmazonIdentityManagementServiceClient() : base(Service, new AmazonIdentityManagementServiceConfig())
    {
    }

    public AmazonIdentityManagementServiceClient(AmazonIdentityManagementServiceConfig config) : base(Service, config)
    {
    }

    public AmazonIdentityManagementServiceClient(RegionEndpoint region) : base(Service, new AmazonIdentityManagementServiceConfig { RegionEndpoint = region })
    {
    }

    public AmazonIdentityManagementServiceClient(AWSCredentials credentials) : base(Service, credentials, new AmazonIdentityManagementServiceConfig())
    {
    }

    public AmazonIdentityManagementServiceClient(AWSCredentials credentials, RegionEndpoint region) : base(Service, credentials, new AmazonIdentityManagementServiceConfig { RegionEndpoint = region })
    {
    }

    public AmazonIdentityManagementServiceClient(AWSCredentials credentials, AmazonIdentityManagementServiceConfig clientConfig) : base(Service, credentials, clientConfig)
    {
    }

    public virtual Task<AddRoleToInstanceProfileResponse> AddRoleToInstanceProfileAsync(AddRoleToInstanceProfileRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<AddRoleToInstanceProfileResponse>(request, cancellationToken);

    public virtual Task<AttachRolePolicyResponse> AttachRolePolicyAsync(AttachRolePolicyRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<AttachRolePolicyResponse>(request, cancellationToken);

    public virtual Task<CreateInstanceProfileResponse> CreateInstanceProfileAsync(CreateInstanceProfileRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateInstanceProfileResponse>(request, cancellationToken);

    public virtual Task<CreatePolicyResponse> CreatePolicyAsync(CreatePolicyRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreatePolicyResponse>(request, cancellationToken);

    public virtual Task<CreateRoleResponse> CreateRoleAsync(CreateRoleRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateRoleResponse>(request, cancellationToken);

    public virtual Task<DeleteInstanceProfileResponse> DeleteInstanceProfileAsync(DeleteInstanceProfileRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteInstanceProfileResponse>(request, cancellationToken);

    public virtual Task<DeletePolicyResponse> DeletePolicyAsync(DeletePolicyRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeletePolicyResponse>(request, cancellationToken);

    public virtual Task<DeleteRoleResponse> DeleteRoleAsync(DeleteRoleRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteRoleResponse>(request, cancellationToken);

    public virtual Task<DeleteRolePermissionsBoundaryResponse> DeleteRolePermissionsBoundaryAsync(DeleteRolePermissionsBoundaryRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteRolePermissionsBoundaryResponse>(request, cancellationToken);

    public virtual Task<DeleteRolePolicyResponse> DeleteRolePolicyAsync(DeleteRolePolicyRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteRolePolicyResponse>(request, cancellationToken);

    public virtual Task<DeleteServerCertificateResponse> DeleteServerCertificateAsync(DeleteServerCertificateRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteServerCertificateResponse>(request, cancellationToken);

    public virtual Task<DetachRolePolicyResponse> DetachRolePolicyAsync(DetachRolePolicyRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DetachRolePolicyResponse>(request, cancellationToken);

    public virtual Task<GetInstanceProfileResponse> GetInstanceProfileAsync(GetInstanceProfileRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetInstanceProfileResponse>(request, cancellationToken);

    public virtual Task<GetPolicyResponse> GetPolicyAsync(GetPolicyRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetPolicyResponse>(request, cancellationToken);

    public virtual Task<GetPolicyVersionResponse> GetPolicyVersionAsync(GetPolicyVersionRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetPolicyVersionResponse>(request, cancellationToken);

    public virtual Task<GetRoleResponse> GetRoleAsync(GetRoleRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetRoleResponse>(request, cancellationToken);

    public virtual Task<GetRolePolicyResponse> GetRolePolicyAsync(GetRolePolicyRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetRolePolicyResponse>(request, cancellationToken);

    public virtual Task<GetServerCertificateResponse> GetServerCertificateAsync(GetServerCertificateRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetServerCertificateResponse>(request, cancellationToken);

    public virtual Task<ListAttachedRolePoliciesResponse> ListAttachedRolePoliciesAsync(ListAttachedRolePoliciesRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListAttachedRolePoliciesResponse>(request, cancellationToken);

    public virtual Task<ListInstanceProfileTagsResponse> ListInstanceProfileTagsAsync(ListInstanceProfileTagsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListInstanceProfileTagsResponse>(request, cancellationToken);

    public virtual Task<ListInstanceProfilesResponse> ListInstanceProfilesAsync(ListInstanceProfilesRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListInstanceProfilesResponse>(request, cancellationToken);

    public virtual Task<ListInstanceProfilesForRoleResponse> ListInstanceProfilesForRoleAsync(ListInstanceProfilesForRoleRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListInstanceProfilesForRoleResponse>(request, cancellationToken);

    public virtual Task<ListPoliciesResponse> ListPoliciesAsync(ListPoliciesRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListPoliciesResponse>(request, cancellationToken);

    public virtual Task<ListPolicyVersionsResponse> ListPolicyVersionsAsync(ListPolicyVersionsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListPolicyVersionsResponse>(request, cancellationToken);

    public virtual Task<ListRolePoliciesResponse> ListRolePoliciesAsync(ListRolePoliciesRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListRolePoliciesResponse>(request, cancellationToken);

    public virtual Task<ListRoleTagsResponse> ListRoleTagsAsync(ListRoleTagsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListRoleTagsResponse>(request, cancellationToken);

    public virtual Task<ListRolesResponse> ListRolesAsync(ListRolesRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListRolesResponse>(request, cancellationToken);

    public virtual Task<ListServerCertificateTagsResponse> ListServerCertificateTagsAsync(ListServerCertificateTagsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListServerCertificateTagsResponse>(request, cancellationToken);

    public virtual Task<ListServerCertificatesResponse> ListServerCertificatesAsync(ListServerCertificatesRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListServerCertificatesResponse>(request, cancellationToken);

    public virtual Task<PutRolePermissionsBoundaryResponse> PutRolePermissionsBoundaryAsync(PutRolePermissionsBoundaryRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<PutRolePermissionsBoundaryResponse>(request, cancellationToken);

    public virtual Task<PutRolePolicyResponse> PutRolePolicyAsync(PutRolePolicyRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<PutRolePolicyResponse>(request, cancellationToken);

    public virtual Task<RemoveRoleFromInstanceProfileResponse> RemoveRoleFromInstanceProfileAsync(RemoveRoleFromInstanceProfileRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<RemoveRoleFromInstanceProfileResponse>(request, cancellationToken);

    public virtual Task<SimulatePrincipalPolicyResponse> SimulatePrincipalPolicyAsync(SimulatePrincipalPolicyRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<SimulatePrincipalPolicyResponse>(request, cancellationToken);

    public virtual Task<TagInstanceProfileResponse> TagInstanceProfileAsync(TagInstanceProfileRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<TagInstanceProfileResponse>(request, cancellationToken);

    public virtual Task<TagRoleResponse> TagRoleAsync(TagRoleRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<TagRoleResponse>(request, cancellationToken);

    public virtual Task<TagServerCertificateResponse> TagServerCertificateAsync(TagServerCertificateRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<TagServerCertificateResponse>(request, cancellationToken);

    public virtual Task<UntagInstanceProfileResponse> UntagInstanceProfileAsync(UntagInstanceProfileRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<UntagInstanceProfileResponse>(request, cancellationToken);

    public virtual Task<UntagRoleResponse> UntagRoleAsync(UntagRoleRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<UntagRoleResponse>(request, cancellationToken);

    public virtual Task<UntagServerCertificateResponse> UntagServerCertificateAsync(UntagServerCertificateRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<UntagServerCertificateResponse>(request, cancellationToken);

    public virtual Task<UpdateAssumeRolePolicyResponse> UpdateAssumeRolePolicyAsync(UpdateAssumeRolePolicyRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<UpdateAssumeRolePolicyResponse>(request, cancellationToken);

    public virtual Task<UpdateRoleResponse> UpdateRoleAsync(UpdateRoleRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<UpdateRoleResponse>(request, cancellationToken);

    public virtual Task<UploadServerCertificateResponse> UploadServerCertificateAsync(UploadServerCertificateRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<UploadServerCertificateResponse>(request, cancellationToken);

    static ClientConfig IAmazonService.CreateDefaultClientConfig() => new AmazonIdentityManagementServiceConfig();

    static IAmazonService IAmazonService.CreateDefaultServiceClient(AWSCredentials awsCredentials, ClientConfig clientConfig) =>
        new AmazonIdentityManagementServiceClient(awsCredentials, (AmazonIdentityManagementServiceConfig)clientConfig);
}

public sealed class ContextKeyTypeEnum(string value) : ConstantClass(value)
{
    public static readonly ContextKeyTypeEnum String = new("string");
    public static readonly ContextKeyTypeEnum StringList = new("stringList");
    public static readonly ContextKeyTypeEnum Numeric = new("numeric");
    public static readonly ContextKeyTypeEnum NumericList = new("numericList");
    public static readonly ContextKeyTypeEnum Boolean = new("boolean");
    public static readonly ContextKeyTypeEnum BooleanList = new("booleanList");
    public static readonly ContextKeyTypeEnum Ip = new("ip");
    public static readonly ContextKeyTypeEnum IpList = new("ipList");
    public static readonly ContextKeyTypeEnum Binary = new("binary");
    public static readonly ContextKeyTypeEnum BinaryList = new("binaryList");
    public static readonly ContextKeyTypeEnum Date = new("date");
    public static readonly ContextKeyTypeEnum DateList = new("dateList");

    public static ContextKeyTypeEnum FindValue(string value) => FindValue<ContextKeyTypeEnum>(value);

    public static implicit operator ContextKeyTypeEnum(string value) => FindValue(value);
}

public sealed class PermissionsBoundaryAttachmentType(string value) : ConstantClass(value)
{
    public static readonly PermissionsBoundaryAttachmentType PermissionsBoundaryPolicy = new("PermissionsBoundaryPolicy");

    public static PermissionsBoundaryAttachmentType FindValue(string value) => FindValue<PermissionsBoundaryAttachmentType>(value);

    public static implicit operator PermissionsBoundaryAttachmentType(string value) => FindValue(value);
}

public sealed class PolicyEvaluationDecisionType(string value) : ConstantClass(value)
{
    public static readonly PolicyEvaluationDecisionType Allowed = new("allowed");
    public static readonly PolicyEvaluationDecisionType ExplicitDeny = new("explicitDeny");
    public static readonly PolicyEvaluationDecisionType ImplicitDeny = new("implicitDeny");

    public static PolicyEvaluationDecisionType FindValue(string value) => FindValue<PolicyEvaluationDecisionType>(value);

    public static implicit operator PolicyEvaluationDecisionType(string value) => FindValue(value);
}

public sealed class PolicySourceType(string value) : ConstantClass(value)
{
    public static readonly PolicySourceType User = new("user");
    public static readonly PolicySourceType Group = new("group");
    public static readonly PolicySourceType Role = new("role");
    public static readonly PolicySourceType AwsManaged = new("aws-managed");
    public static readonly PolicySourceType UserManaged = new("user-managed");
    public static readonly PolicySourceType Resource = new("resource");
    public static readonly PolicySourceType None = new("none");

    public static PolicySourceType FindValue(string value) => FindValue<PolicySourceType>(value);

    public static implicit operator PolicySourceType(string value) => FindValue(value);
}

public sealed class PolicyUsageType(string value) : ConstantClass(value)
{
    public static readonly PolicyUsageType PermissionsPolicy = new("PermissionsPolicy");
    public static readonly PolicyUsageType PermissionsBoundary = new("PermissionsBoundary");

    public static PolicyUsageType FindValue(string value) => FindValue<PolicyUsageType>(value);

    public static implicit operator PolicyUsageType(string value) => FindValue(value);
}

public sealed class PolicyScopeType(string value) : ConstantClass(value)
{
    public static readonly PolicyScopeType All = new("All");
    public static readonly PolicyScopeType AWS = new("AWS");
    public static readonly PolicyScopeType Local = new("Local");

    public static PolicyScopeType FindValue(string value) => FindValue<PolicyScopeType>(value);

    public static implicit operator PolicyScopeType(string value) => FindValue(value);
}
