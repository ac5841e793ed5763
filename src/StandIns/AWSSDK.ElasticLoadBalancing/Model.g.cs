// Written by src/StandIns/generate.py: don't edit.
// As the official classes, these say nothing about the nullability of references.
#nullable disable
using Amazon.Runtime;

namespace Amazon.ElasticLoadBalancing.Model;

public partial class AddTagsRequest : AmazonWebServiceRequest
{
    public List<string> LoadBalancerNames { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class AddTagsResponse : AmazonWebServiceResponse
{

}

public partial class ApplySecurityGroupsToLoadBalancerRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
    public List<string> SecurityGroups { get; set; }
}

public partial class ApplySecurityGroupsToLoadBalancerResponse : AmazonWebServiceResponse
{
    public List<string> SecurityGroups { get; set; }
}

public partial class AttachLoadBalancerToSubnetsRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
    public List<string> Subnets { get; set; }
}

public partial class AttachLoadBalancerToSubnetsResponse : AmazonWebServiceResponse
{
    public List<string> Subnets { get; set; }
}

public partial class ConfigureHealthCheckRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
    public HealthCheck HealthCheck { get; set; }
}

public partial class ConfigureHealthCheckResponse : AmazonWebServiceResponse
{
    public HealthCheck HealthCheck { get; set; }
}

public partial class CreateLoadBalancerRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
    public List<Listener> Listeners { get; set; }
    public List<string> AvailabilityZones { get; set; }
    public List<string> Subnets { get; set; }
    public List<string> SecurityGroups { get; set; }
    public string Scheme { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class CreateLoadBalancerResponse : AmazonWebServiceResponse
{
    public string DNSName { get; set; }
}

public partial class CreateLoadBalancerListenersRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
    public List<Listener> Listeners { get; set; }
}

public partial class CreateLoadBalancerListenersResponse : AmazonWebServiceResponse
{

}

public partial class CreateLoadBalancerPolicyRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
    public string PolicyName { get; set; }
    public string PolicyTypeName { get; set; }
    public List<PolicyAttribute> PolicyAttributes { get; set; }
}

public partial class CreateLoadBalancerPolicyResponse : AmazonWebServiceResponse
{

}

public partial class DeleteLoadBalancerRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
}

public partial class DeleteLoadBalancerResponse : AmazonWebServiceResponse
{

}

public partial class DeleteLoadBalancerListenersRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
    public List<int> LoadBalancerPorts { get; set; }
}

public partial class DeleteLoadBalancerListenersResponse : AmazonWebServiceResponse
{

}

public partial class DeleteLoadBalancerPolicyRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
    public string PolicyName { get; set; }
}

public partial class DeleteLoadBalancerPolicyResponse : AmazonWebServiceResponse
{

}

public partial class DeregisterInstancesFromLoadBalancerRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
    public List<Instance> Instances { get; set; }
}

public partial class DeregisterInstancesFromLoadBalancerResponse : AmazonWebServiceResponse
{
    public List<Instance> Instances { get; set; }
}

public partial class DescribeAccountLimitsRequest : AmazonWebServiceRequest
{
    public string Marker { get; set; }
    public int? PageSize { get; set; }
}

public partial class DescribeAccountLimitsResponse : AmazonWebServiceResponse
{
    public List<Limit> Limits { get; set; }
    public string NextMarker { get; set; }
}

public partial class DescribeInstanceHealthRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
    public List<Instance> Instances { get; set; }
}

public partial class DescribeInstanceHealthResponse : AmazonWebServiceResponse
{
    public List<InstanceState> InstanceStates { get; set; }
}

public partial class DescribeLoadBalancerAttributesRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
}

public partial class DescribeLoadBalancerAttributesResponse : AmazonWebServiceResponse
{
    public LoadBalancerAttributes LoadBalancerAttributes { get; set; }
}

public partial class DescribeLoadBalancerPoliciesRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
    public List<string> PolicyNames { get; set; }
}

public partial class DescribeLoadBalancerPoliciesResponse : AmazonWebServiceResponse
{
    public List<PolicyDescription> PolicyDescriptions { get; set; }
}

public partial class DescribeLoadBalancersRequest : AmazonWebServiceRequest
{
    public List<string> LoadBalancerNames { get; set; }
    public string Marker { get; set; }
    public int? PageSize { get; set; }
}

public partial class DescribeLoadBalancersResponse : AmazonWebServiceResponse
{
    public List<LoadBalancerDescription> LoadBalancerDescriptions { get; set; }
    public string NextMarker { get; set; }
}

public partial class DescribeTagsRequest : AmazonWebServiceRequest
{
    public List<string> LoadBalancerNames { get; set; }
}

public partial class DescribeTagsResponse : AmazonWebServiceResponse
{
    public List<TagDescription> TagDescriptions { get; set; }
}

public partial class DetachLoadBalancerFromSubnetsRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
    public List<string> Subnets { get; set; }
}

public partial class DetachLoadBalancerFromSubnetsResponse : AmazonWebServiceResponse
{
    public List<string> Subnets { get; set; }
}

public partial class ModifyLoadBalancerAttributesRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
    public LoadBalancerAttributes LoadBalancerAttributes { get; set; }
}

public partial class ModifyLoadBalancerAttributesResponse : AmazonWebServiceResponse
{
    public string LoadBalancerName { get; set; }
    public LoadBalancerAttributes LoadBalancerAttributes { get; set; }
}

public partial class RegisterInstancesWithLoadBalancerRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
    public List<Instance> Instances { get; set; }
}

public partial class RegisterInstancesWithLoadBalancerResponse : AmazonWebServiceResponse
{
    public List<Instance> Instances { get; set; }
}

public partial class RemoveTagsRequest : AmazonWebServiceRequest
{
    public List<string> LoadBalancerNames { get; set; }
    public List<TagKeyOnly> Tags { get; set; }
}

public partial class RemoveTagsResponse : AmazonWebServiceResponse
{

}

public partial class SetLoadBalancerListenerSSLCertificateRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
    public int? LoadBalancerPort { get; set; }
    public string SSLCertificateId { get; set; }
}

public partial class SetLoadBalancerListenerSSLCertificateResponse : AmazonWebServiceResponse
{

}

public partial class SetLoadBalancerPoliciesOfListenerRequest : AmazonWebServiceRequest
{
    public string LoadBalancerName { get; set; }
    public int? LoadBalancerPort { get; set; }
    public List<string> PolicyNames { get; set; }
}

public partial class SetLoadBalancerPoliciesOfListenerResponse : AmazonWebServiceResponse
{

}

public partial class AccessLog
{
    public bool? Enabled { get; set; }
    public string S3BucketName { get; set; }
    public int? EmitInterval { get; set; }
    public string S3BucketPrefix { get; set; }
}

public partial class AdditionalAttribute
{
    public string Key { get; set; }
    public string Value { get; set; }
}

public partial class AppCookieStickinessPolicy
{
    public string PolicyName { get; set; }
    public string CookieName { get; set; }
}

public partial class BackendServerDescription
{
    public int? InstancePort { get; set; }
    public List<string> PolicyNames { get; set; }
}

public partial class ConnectionDraining
{
    public bool? Enabled { get; set; }
    public int? Timeout { get; set; }
}

public partial class ConnectionSettings
{
    public int? IdleTimeout { get; set; }
}

public partial class CrossZoneLoadBalancing
{
    public bool? Enabled { get; set; }
}

public partial class HealthCheck
{
    public string Target { get; set; }
    public int? Interval { get; set; }
    public int? Timeout { get; set; }
    public int? UnhealthyThreshold { get; set; }
    public int? HealthyThreshold { get; set; }
}

public partial class Instance
{
    public string InstanceId { get; set; }
}

public partial class InstanceState
{
    public string InstanceId { get; set; }
    public string State { get; set; }
    public string ReasonCode { get; set; }
    public string Description { get; set; }
}

public partial class LBCookieStickinessPolicy
{
    public string PolicyName { get; set; }
    public long? CookieExpirationPeriod { get; set; }
}

public partial class Limit
{
    public string Name { get; set; }
    public string Max { get; set; }
}

public partial class Listener
{
    public string Protocol { get; set; }
    public int? LoadBalancerPort { get; set; }
    public string InstanceProtocol { get; set; }
    public int? InstancePort { get; set; }
    public string SSLCertificateId { get; set; }
}

public partial class ListenerDescription
{
    public Listener Listener { get; set; }
    public List<string> PolicyNames { get; set; }
}

public partial class LoadBalancerAttributes
{
    public CrossZoneLoadBalancing CrossZoneLoadBalancing { get; set; }
    public AccessLog AccessLog { get; set; }
    public ConnectionDraining ConnectionDraining { get; set; }
    public ConnectionSettings ConnectionSettings { get; set; }
    public List<AdditionalAttribute> AdditionalAttributes { get; set; }
}

public partial class LoadBalancerDescription
{
    public string LoadBalancerName { get; set; }
    public string DNSName { get; set; }
    public string CanonicalHostedZoneName { get; set; }
    public string CanonicalHostedZoneNameID { get; set; }
    public List<ListenerDescription> ListenerDescriptions { get; set; }
    public Policies Policies { get; set; }
    public List<BackendServerDescription> BackendServerDescriptions { get; set; }
    public List<string> AvailabilityZones { get; set; }
    public List<string> Subnets { get; set; }
    public string VPCId { get; set; }
    public List<Instance> Instances { get; set; }
    public HealthCheck HealthCheck { get; set; }
    public SourceSecurityGroup SourceSecurityGroup { get; set; }
    public List<string> SecurityGroups { get; set; }
    public DateTime? CreatedTime { get; set; }
    public string Scheme { get; set; }
}

public partial class Policies
{
    public List<AppCookieStickinessPolicy> AppCookieStickinessPolicies { get; set; }
    public List<LBCookieStickinessPolicy> LBCookieStickinessPolicies { get; set; }
    public List<string> OtherPolicies { get; set; }
}

public partial class PolicyAttribute
{
    public string AttributeName { get; set; }
    public string AttributeValue { get; set; }
}

public partial class PolicyAttributeDescription
{
    public string AttributeName { get; set; }
    public string AttributeValue { get; set; }
}

public partial class PolicyDescription
{
    public string PolicyName { get; set; }
    public string PolicyTypeName { get; set; }
    public List<PolicyAttributeDescription> PolicyAttributeDescriptions { get; set; }
}

public partial class SourceSecurityGroup
{
    public string OwnerAlias { get; set; }
    public string GroupName { get; set; }
}

public partial class Tag
{
    public string Key { get; set; }
    public string Value { get; set; }
}

public partial class TagDescription
{
    public string LoadBalancerName { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class TagKeyOnly
{
    public string Key { get; set; }
}
