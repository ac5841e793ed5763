// Written by src/StandIns/generate.py: don't edit.
// As the official classes, these say nothing about the nullability of references.
#nullable disable
using Amazon.Runtime;

namespace Amazon.IdentityManagement.Model;

public partial class AddRoleToInstanceProfileRequest : AmazonWebServiceRequest
{
    public string InstanceProfileName { get; set; }
    public string RoleName { get; set; }
}

public partial class AddRoleToInstanceProfileResponse : AmazonWebServiceResponse
{

}

public partial class AttachRolePolicyRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
    public string PolicyArn { get; set; }
}

public partial class AttachRolePolicyResponse : AmazonWebServiceResponse
{

}

public partial class CreateInstanceProfileRequest : AmazonWebServiceRequest
{
    public string InstanceProfileName { get; set; }
    public string Path { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class CreateInstanceProfileResponse : AmazonWebServiceResponse
{
    public InstanceProfile InstanceProfile { get; set; }
}

public partial class CreatePolicyRequest : AmazonWebServiceRequest
{
    public string PolicyName { get; set; }
    public string Path { get; set; }
    public string PolicyDocument { get; set; }
    public string Description { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class CreatePolicyResponse : AmazonWebServiceResponse
{
    public ManagedPolicy Policy { get; set; }
}

public partial class CreateRoleRequest : AmazonWebServiceRequest
{
    public string Path { get; set; }
    public string RoleName { get; set; }
    public string AssumeRolePolicyDocument { get; set; }
    public string Description { get; set; }
    public int? MaxSessionDuration { get; set; }
    public string PermissionsBoundary { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class CreateRoleResponse : AmazonWebServiceResponse
{
    public Role Role { get; set; }
}

public partial class DeleteInstanceProfileRequest : AmazonWebServiceRequest
{
    public string InstanceProfileName { get; set; }
}

public partial class DeleteInstanceProfileResponse : AmazonWebServiceResponse
{

}

public partial class DeletePolicyRequest : AmazonWebServiceRequest
{
    public string PolicyArn { get; set; }
}

public partial class DeletePolicyResponse : AmazonWebServiceResponse
{

}

public partial class DeleteRoleRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
}

public partial class DeleteRoleResponse : AmazonWebServiceResponse
{

}

public partial class DeleteRolePermissionsBoundaryRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
}

public partial class DeleteRolePermissionsBoundaryResponse : AmazonWebServiceResponse
{

}

public partial class DeleteRolePolicyRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
    public string PolicyName { get; set; }
}

public partial class DeleteRolePolicyResponse : AmazonWebServiceResponse
{

}

public partial class DeleteServerCertificateRequest : AmazonWebServiceRequest
{
    public string ServerCertificateName { get; set; }
}

public partial class DeleteServerCertificateResponse : AmazonWebServiceResponse
{

}

public partial class DetachRolePolicyRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
    public string PolicyArn { get; set; }
}

public partial class DetachRolePolicyResponse : AmazonWebServiceResponse
{

}

public partial class GetInstanceProfileRequest : AmazonWebServiceRequest
{
    public string InstanceProfileName { get; set; }
}

public partial class GetInstanceProfileResponse : AmazonWebServiceResponse
{
    public InstanceProfile InstanceProfile { get; set; }
}

public partial class GetPolicyRequest : AmazonWebServiceRequest
{
    public string PolicyArn { get; set; }
}

public partial class GetPolicyResponse : AmazonWebServiceResponse
{
    public ManagedPolicy Policy { get; set; }
}

public partial class GetPolicyVersionRequest : AmazonWebServiceRequest
{
    public string PolicyArn { get; set; }
    public string VersionId { get; set; }
}

public partial class GetPolicyVersionResponse : AmazonWebServiceResponse
{
    public PolicyVersion PolicyVersion { get; set; }
}

public partial class GetRoleRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
}

public partial class GetRoleResponse : AmazonWebServiceResponse
{
    public Role Role { get; set; }
}

public partial class GetRolePolicyRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
    public string PolicyName { get; set; }
}

public partial class GetRolePolicyResponse : AmazonWebServiceResponse
{
    public string RoleName { get; set; }
    public string PolicyName { get; set; }
    public string PolicyDocument { get; set; }
}

public partial class GetServerCertificateRequest : AmazonWebServiceRequest
{
    public string ServerCertificateName { get; set; }
}

public partial class GetServerCertificateResponse : AmazonWebServiceResponse
{
    public ServerCertificate ServerCertificate { get; set; }
}

public partial class ListAttachedRolePoliciesRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
    public string PathPrefix { get; set; }
    public string Marker { get; set; }
    public int? MaxItems { get; set; }
}

public partial class ListAttachedRolePoliciesResponse : AmazonWebServiceResponse
{
    public List<AttachedPolicyType> AttachedPolicies { get; set; }
    public bool? IsTruncated { get; set; }
    public string Marker { get; set; }
}

public partial class ListInstanceProfileTagsRequest : AmazonWebServiceRequest
{
    public string InstanceProfileName { get; set; }
    public string Marker { get; set; }
    public int? MaxItems { get; set; }
}

public partial class ListInstanceProfileTagsResponse : AmazonWebServiceResponse
{
    public List<Tag> Tags { get; set; }
    public bool? IsTruncated { get; set; }
    public string Marker { get; set; }
}

public partial class ListInstanceProfilesRequest : AmazonWebServiceRequest
{
    public string PathPrefix { get; set; }
    public string Marker { get; set; }
    public int? MaxItems { get; set; }
}

public partial class ListInstanceProfilesResponse : AmazonWebServiceResponse
{
    public List<InstanceProfile> InstanceProfiles { get; set; }
    public bool? IsTruncated { get; set; }
    public string Marker { get; set; }
}

public partial class ListInstanceProfilesForRoleRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
    public string Marker { get; set; }
    public int? MaxItems { get; set; }
}

public partial class ListInstanceProfilesForRoleResponse : AmazonWebServiceResponse
{
    public List<InstanceProfile> InstanceProfiles { get; set; }
    public bool? IsTruncated { get; set; }
    public string Marker { get; set; }
}

public partial class ListPoliciesRequest : AmazonWebServiceRequest
{
    public PolicyScopeType Scope { get; set; }
    public bool? OnlyAttached { get; set; }
    public string PathPrefix { get; set; }
    public PolicyUsageType PolicyUsageFilter { get; set; }
    public string Marker { get; set; }
    public int? MaxItems { get; set; }
}

public partial class ListPoliciesResponse : AmazonWebServiceResponse
{
    public List<ManagedPolicy> Policies { get; set; }
    public bool? IsTruncated { get; set; }
    public string Marker { get; set; }
}

public partial class ListPolicyVersionsRequest : AmazonWebServiceRequest
{
    public string PolicyArn { get; set; }
    public string Marker { get; set; }
    public int? MaxItems { get; set; }
}

public partial class ListPolicyVersionsResponse : AmazonWebServiceResponse
{
    public List<PolicyVersion> Versions { get; set; }
    public bool? IsTruncated { get; set; }
    public string Marker { get; set; }
}

public partial class ListRolePoliciesRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
    public string Marker { get; set; }
    public int? MaxItems { get; set; }
}

public partial class ListRolePoliciesResponse : AmazonWebServiceResponse
{
    public List<string> PolicyNames { get; set; }
    public bool? IsTruncated { get; set; }
    public string Marker { get; set; }
}

public partial class ListRoleTagsRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
    public string Marker { get; set; }
    public int? MaxItems { get; set; }
}

public partial class ListRoleTagsResponse : AmazonWebServiceResponse
{
    public List<Tag> Tags { get; set; }
    public bool? IsTruncated { get; set; }
    public string Marker { get; set; }
}

public partial class ListRolesRequest : AmazonWebServiceRequest
{
    public string PathPrefix { get; set; }
    public string Marker { get; set; }
    public int? MaxItems { get; set; }
}

public partial class ListRolesResponse : AmazonWebServiceResponse
{
    public List<Role> Roles { get; set; }
    public bool? IsTruncated { get; set; }
    public string Marker { get; set; }
}

public partial class ListServerCertificateTagsRequest : AmazonWebServiceRequest
{
    public string ServerCertificateName { get; set; }
    public string Marker { get; set; }
    public int? MaxItems { get; set; }
}

public partial class ListServerCertificateTagsResponse : AmazonWebServiceResponse
{
    public List<Tag> Tags { get; set; }
    public bool? IsTruncated { get; set; }
    public string Marker { get; set; }
}

public partial class ListServerCertificatesRequest : AmazonWebServiceRequest
{
    public string PathPrefix { get; set; }
    public string Marker { get; set; }
    public int? MaxItems { get; set; }
}

public partial class ListServerCertificatesResponse : AmazonWebServiceResponse
{
    public List<ServerCertificateMetadata> ServerCertificateMetadataList { get; set; }
    public bool? IsTruncated { get; set; }
    public string Marker { get; set; }
}

public partial class PutRolePermissionsBoundaryRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
    public string PermissionsBoundary { get; set; }
}

public partial class PutRolePermissionsBoundaryResponse : AmazonWebServiceResponse
{

}

public partial class PutRolePolicyRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
    public string PolicyName { get; set; }
    public string PolicyDocument { get; set; }
}

public partial class PutRolePolicyResponse : AmazonWebServiceResponse
{

}

public partial class RemoveRoleFromInstanceProfileRequest : AmazonWebServiceRequest
{
    public string InstanceProfileName { get; set; }
    public string RoleName { get; set; }
}

public partial class RemoveRoleFromInstanceProfileResponse : AmazonWebServiceResponse
{

}

public partial class SimulatePrincipalPolicyRequest : AmazonWebServiceRequest
{
    public string PolicySourceArn { get; set; }
    public List<string> PolicyInputList { get; set; }
    public List<string> PermissionsBoundaryPolicyInputList { get; set; }
    public List<string> ActionNames { get; set; }
    public List<string> ResourceArns { get; set; }
    public string ResourcePolicy { get; set; }
    public string ResourceOwner { get; set; }
    public string CallerArn { get; set; }
    public List<ContextEntry> ContextEntries { get; set; }
    public string ResourceHandlingOption { get; set; }
    public int? MaxItems { get; set; }
    public string Marker { get; set; }
}

public partial class SimulatePrincipalPolicyResponse : AmazonWebServiceResponse
{
    public List<EvaluationResult> EvaluationResults { get; set; }
    public bool? IsTruncated { get; set; }
    public string Marker { get; set; }
}

public partial class TagInstanceProfileRequest : AmazonWebServiceRequest
{
    public string InstanceProfileName { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class TagInstanceProfileResponse : AmazonWebServiceResponse
{

}

public partial class TagRoleRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class TagRoleResponse : AmazonWebServiceResponse
{

}

public partial class TagServerCertificateRequest : AmazonWebServiceRequest
{
    public string ServerCertificateName { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class TagServerCertificateResponse : AmazonWebServiceResponse
{

}

public partial class UntagInstanceProfileRequest : AmazonWebServiceRequest
{
    public string InstanceProfileName { get; set; }
    public List<string> TagKeys { get; set; }
}

public partial class UntagInstanceProfileResponse : AmazonWebServiceResponse
{

}

public partial class UntagRoleRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
    public List<string> TagKeys { get; set; }
}

public partial class UntagRoleResponse : AmazonWebServiceResponse
{

}

public partial class UntagServerCertificateRequest : AmazonWebServiceRequest
{
    public string ServerCertificateName { get; set; }
    public List<string> TagKeys { get; set; }
}

public partial class UntagServerCertificateResponse : AmazonWebServiceResponse
{

}

public partial class UpdateAssumeRolePolicyRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
    public string PolicyDocument { get; set; }
}

public partial class UpdateAssumeRolePolicyResponse : AmazonWebServiceResponse
{

}

public partial class UpdateRoleRequest : AmazonWebServiceRequest
{
    public string RoleName { get; set; }
    public string Description { get; set; }
    public int? MaxSessionDuration { get; set; }
}

public partial class UpdateRoleResponse : AmazonWebServiceResponse
{

}

public partial class UploadServerCertificateRequest : AmazonWebServiceRequest
{
    public string Path { get; set; }
    public string ServerCertificateName { get; set; }
    public string CertificateBody { get; set; }
    public string PrivateKey { get; set; }
    public string CertificateChain { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class UploadServerCertificateResponse : AmazonWebServiceResponse
{
    public ServerCertificateMetadata ServerCertificateMetadata { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class AttachedPermissionsBoundary
{
    public PermissionsBoundaryAttachmentType PermissionsBoundaryType { get; set; }
    public string PermissionsBoundaryArn { get; set; }
}

public partial class AttachedPolicyType
{
    public string PolicyName { get; set; }
    public string PolicyArn { get; set; }
}

public partial class ContextEntry
{
    public string ContextKeyName { get; set; }
    public List<string> ContextKeyValues { get; set; }
    public ContextKeyTypeEnum ContextKeyType { get; set; }
}

public partial class EvaluationResult
{
    public string EvalActionName { get; set; }
    public string EvalResourceName { get; set; }
    public PolicyEvaluationDecisionType EvalDecision { get; set; }
    public List<Statement> MatchedStatements { get; set; }
    public List<string> MissingContextValues { get; set; }
    public OrganizationsDecisionDetail OrganizationsDecisionDetail { get; set; }
    public PermissionsBoundaryDecisionDetail PermissionsBoundaryDecisionDetail { get; set; }
    public Dictionary<string, string> EvalDecisionDetails { get; set; }
    public List<ResourceSpecificResult> ResourceSpecificResults { get; set; }
}

public partial class InstanceProfile
{
    public string Path { get; set; }
    public string InstanceProfileName { get; set; }
    public string InstanceProfileId { get; set; }
    public string Arn { get; set; }
    public DateTime? CreateDate { get; set; }
    public List<Role> Roles { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class OrganizationsDecisionDetail
{
    public bool? AllowedByOrganizations { get; set; }
}

public partial class PermissionsBoundaryDecisionDetail
{
    public bool? AllowedByPermissionsBoundary { get; set; }
}

public partial class ManagedPolicy
{
    public string PolicyName { get; set; }
    public string PolicyId { get; set; }
    public string Arn { get; set; }
    public string Path { get; set; }
    public string DefaultVersionId { get; set; }
    public int? AttachmentCount { get; set; }
    public int? PermissionsBoundaryUsageCount { get; set; }
    public bool? IsAttachable { get; set; }
    public string Description { get; set; }
    public DateTime? CreateDate { get; set; }
    public DateTime? UpdateDate { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class PolicyVersion
{
    public string Document { get; set; }
    public string VersionId { get; set; }
    public bool? IsDefaultVersion { get; set; }
    public DateTime? CreateDate { get; set; }
}

public partial class Position
{
    public int? Line { get; set; }
    public int? Column { get; set; }
}

public partial class ResourceSpecificResult
{
    public string EvalResourceName { get; set; }
    public PolicyEvaluationDecisionType EvalResourceDecision { get; set; }
    public List<Statement> MatchedStatements { get; set; }
    public List<string> MissingContextValues { get; set; }
    public Dictionary<string, string> EvalDecisionDetails { get; set; }
    public PermissionsBoundaryDecisionDetail PermissionsBoundaryDecisionDetail { get; set; }
}

public partial class Role
{
    public string Path { get; set; }
    public string RoleName { get; set; }
    public string RoleId { get; set; }
    public string Arn { get; set; }
    public DateTime? CreateDate { get; set; }
    public string AssumeRolePolicyDocument { get; set; }
    public string Description { get; set; }
    public int? MaxSessionDuration { get; set; }
    public AttachedPermissionsBoundary PermissionsBoundary { get; set; }
    public List<Tag> Tags { get; set; }
    public RoleLastUsed RoleLastUsed { get; set; }
}

public partial class RoleLastUsed
{
    public DateTime? LastUsedDate { get; set; }
    public string Region { get; set; }
}

public partial class ServerCertificate
{
    public ServerCertificateMetadata ServerCertificateMetadata { get; set; }
    public string CertificateBody { get; set; }
    public string CertificateChain { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class ServerCertificateMetadata
{
    public string Path { get; set; }
    public string ServerCertificateName { get; set; }
    public string ServerCertificateId { get; set; }
    public string Arn { get; set; }
    public DateTime? UploadDate { get; set; }
    public DateTime? Expiration { get; set; }
}

public partial class Statement
{
    public string SourcePolicyId { get; set; }
    public PolicySourceType SourcePolicyType { get; set; }
    public Position StartPosition { get; set; }
    public Position EndPosition { get; set; }
}

public partial class Tag
{
    public string Key { get; set; }
    public string Value { get; set; }
}
