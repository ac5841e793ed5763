// Written by src/StandIns/generate.py: don't edit.
// As the official classes, these say nothing about the nullability of references.
#nullable disable
using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.ElasticLoadBalancing.Model;
using SyncStorage.StandIns.Query;

namespace Amazon.ElasticLoadBalancing;

public interface IAmazonElasticLoadBalancing : IAmazonService, IDisposable
{
    Task<AddTagsResponse> AddTagsAsync(AddTagsRequest request, CancellationToken cancellationToken = default);
    Task<ApplySecurityGroupsToLoadBalancerResponse> ApplySecurityGroupsToLoadBalancerAsync(ApplySecurityGroupsToLoadBalancerRequest request, CancellationToken cancellationToken = default);
    Task<AttachLoadBalancerToSubnetsResponse> AttachLoadBalancerToSubnetsAsync(AttachLoadBalancerToSubnetsRequest request, CancellationToken cancellationToken = default);
    Task<ConfigureHealthCheckResponse> ConfigureHealthCheckAsync(ConfigureHealthCheckRequest request, CancellationToken cancellationToken = default);
    Task<CreateLoadBalancerResponse> CreateLoadBalancerAsync(CreateLoadBalancerRequest request, CancellationToken cancellationToken = default);
    Task<CreateLoadBalancerListenersResponse> CreateLoadBalancerListenersAsync(CreateLoadBalancerListenersRequest request, CancellationToken cancellationToken = default);
    Task<CreateLoadBalancerPolicyResponse> CreateLoadBalancerPolicyAsync(CreateLoadBalancerPolicyRequest request, CancellationToken cancellationToken = default);
    Task<DeleteLoadBalancerResponse> DeleteLoadBalancerAsync(DeleteLoadBalancerRequest request, CancellationToken cancellationToken = default);
    Task<DeleteLoadBalancerListenersResponse> DeleteLoadBalancerListenersAsync(DeleteLoadBalancerListenersRequest request, CancellationToken cancellationToken = default);
    Task<DeleteLoadBalancerPolicyResponse> DeleteLoadBalancerPolicyAsync(DeleteLoadBalancerPolicyRequest request, CancellationToken cancellationToken = default);
    Task<DeregisterInstancesFromLoadBalancerResponse> DeregisterInstancesFromLoadBalancerAsync(DeregisterInstancesFromLoadBalancerRequest request, CancellationToken cancellationToken = default);
    Task<DescribeAccountLimitsResponse> DescribeAccountLimitsAsync(DescribeAccountLimitsRequest request, CancellationToken cancellationToken = default);
    Task<DescribeInstanceHealthResponse> DescribeInstanceHealthAsync(DescribeInstanceHealthRequest request, CancellationToken cancellationToken = default);
    Task<DescribeLoadBalancerAttributesResponse> DescribeLoadBalancerAttributesAsync(DescribeLoadBalancerAttributesRequest request, CancellationToken cancellationToken = default);
    Task<DescribeLoadBalancerPoliciesResponse> DescribeLoadBalancerPoliciesAsync(DescribeLoadBalancerPoliciesRequest request, CancellationToken cancellationToken = default);
    Task<DescribeLoadBalancersResponse> DescribeLoadBalancersAsync(DescribeLoadBalancersRequest request, CancellationToken cancellationToken = default);
    Task<DescribeTagsResponse> DescribeTagsAsync(DescribeTagsRequest request, CancellationToken cancellationToken = default);
    Task<DetachLoadBalancerFromSubnetsResponse> DetachLoadBalancerFromSubnetsAsync(DetachLoadBalancerFromSubnetsRequest request, CancellationToken cancellationToken = default);
    Task<ModifyLoadBalancerAttributesResponse> ModifyLoadBalancerAttributesAsync(ModifyLoadBalancerAttributesRequest request, CancellationToken cancellationToken = default);
    Task<RegisterInstancesWithLoadBalancerResponse> RegisterInstancesWithLoadBalancerAsync(RegisterInstancesWithLoadBalancerRequest request, CancellationToken cancellationToken = default);
    Task<RemoveTagsResponse> RemoveTagsAsync(RemoveTagsRequest request, CancellationToken cancellationToken = default);
    Task<SetLoadBalancerListenerSSLCertificateResponse> SetLoadBalancerListenerSSLCertificateAsync(SetLoadBalancerListenerSSLCertificateRequest request, CancellationToken cancellationToken = default);
    Task<SetLoadBalancerPoliciesOfListenerResponse> SetLoadBalancerPoliciesOfListenerAsync(SetLoadBalancerPoliciesOfListenerRequest request, CancellationToken cancellationToken = default);
}

public class AmazonElasticLoadBalancingConfig() : QueryClientConfig(AmazonElasticLoadBalancingClient.Service.Model);

public class AmazonElasticLoadBalancingException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
    : AmazonServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public partial class AmazonElasticLoadBalancingClient : QueryClient, IAmazonElasticLoadBalancing
{
    internal static readonly QueryService Service = new("elb", "AmazonElasticLoadBalancing", (message, inner, type, code, requestId, status) =>
        new AmazonElasticLoadBalancingException(message, inner, type, code, requestId, status));

    public AmazonElasticLoadBalancingClient() : base(Service, new AmazonElasticLoadBalancingConfig())
    {
    }

    public AmazonElasticLoadBalancingClient(AmazonElasticLoadBalancingConfig config) : base(Service, config)
    {
    }

    public AmazonElasticLoadBalancingClient(RegionEndpoint region) : base(Service, new AmazonElasticLoadBalancingConfig { RegionEndpoint = region })
    {
    }

    public AmazonElasticLoadBalancingClient(AWSCredentials credentials) : base(Service, credentials, new AmazonElasticLoadBalancingConfig())
    {
    }

    public AmazonElasticLoadBalancingClient(AWSCredentials credentials, RegionEndpoint region) : base(Service, credentials, new AmazonElasticLoadBalancingConfig { RegionEndpoint = region })
    {
    }

    public AmazonElasticLoadBalancingClient(AWSCredentials credentials, AmazonElasticLoadBalancingConfig clientConfig) : base(Service, credentials, clientConfig)
    {
    }

    public virtual Task<AddTagsResponse> AddTagsAsync(AddTagsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<AddTagsResponse>(request, cancellationToken);

    public virtual Task<ApplySecurityGroupsToLoadBalancerResponse> ApplySecurityGroupsToLoadBalancerAsync(ApplySecurityGroupsToLoadBalancerRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ApplySecurityGroupsToLoadBalancerResponse>(request, cancellationToken);

    public virtual Task<AttachLoadBalancerToSubnetsResponse> AttachLoadBalancerToSubnetsAsync(AttachLoadBalancerToSubnetsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<AttachLoadBalancerToSubnetsResponse>(request, cancellationToken);

    public virtual Task<ConfigureHealthCheckResponse> ConfigureHealthCheckAsync(ConfigureHealthCheckRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ConfigureHealthCheckResponse>(request, cancellationToken);

    public virtual Task<CreateLoadBalancerResponse> CreateLoadBalancerAsync(CreateLoadBalancerRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateLoadBalancerResponse>(request, cancellationToken);

    public virtual Task<CreateLoadBalancerListenersResponse> CreateLoadBalancerListenersAsync(CreateLoadBalancerListenersRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateLoadBalancerListenersResponse>(request, cancellationToken);

    public virtual Task<CreateLoadBalancerPolicyResponse> CreateLoadBalancerPolicyAsync(CreateLoadBalancerPolicyRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateLoadBalancerPolicyResponse>(request, cancellationToken);

    public virtual Task<DeleteLoadBalancerResponse> DeleteLoadBalancerAsync(DeleteLoadBalancerRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteLoadBalancerResponse>(request, cancellationToken);

    public virtual Task<DeleteLoadBalancerListenersResponse> DeleteLoadBalancerListenersAsync(DeleteLoadBalancerListenersRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteLoadBalancerListenersResponse>(request, cancellationToken);

    public virtual Task<DeleteLoadBalancerPolicyResponse> DeleteLoadBalancerPolicyAsync(DeleteLoadBalancerPolicyRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteLoadBalancerPolicyResponse>(request, cancellationToken);

    public virtual Task<DeregisterInstancesFromLoadBalancerResponse> DeregisterInstancesFromLoadBalancerAsync(DeregisterInstancesFromLoadBalancerRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeregisterInstancesFromLoadBalancerResponse>(request, cancellationToken);

    public virtual Task<DescribeAccountLimitsResponse> DescribeAccountLimitsAsync(DescribeAccountLimitsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeAccountLimitsResponse>(request, cancellationToken);

    public virtual Task<DescribeInstanceHealthResponse> DescribeInstanceHealthAsync(DescribeInstanceHealthRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeInstanceHealthResponse>(request, cancellationToken);

    public virtual Task<DescribeLoadBalancerAttributesResponse> DescribeLoadBalancerAttributesAsync(DescribeLoadBalancerAttributesRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeLoadBalancerAttributesResponse>(request, cancellationToken);

    public virtual Task<DescribeLoadBalancerPoliciesResponse> DescribeLoadBalancerPoliciesAsync(DescribeLoadBalancerPoliciesRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeLoadBalancerPoliciesResponse>(request, cancellationToken);

    public virtual Task<DescribeLoadBalancersResponse> DescribeLoadBalancersAsync(DescribeLoadBalancersRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeLoadBalancersResponse>(request, cancellationToken);

    public virtual Task<DescribeTagsResponse> DescribeTagsAsync(DescribeTagsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeTagsResponse>(request, cancellationToken);

    public virtual Task<DetachLoadBalancerFromSubnetsResponse> DetachLoadBalancerFromSubnetsAsync(DetachLoadBalancerFromSubnetsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DetachLoadBalancerFromSubnetsResponse>(request, cancellationToken);

    public virtual Task<ModifyLoadBalancerAttributesResponse> ModifyLoadBalancerAttributesAsync(ModifyLoadBalancerAttributesRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ModifyLoadBalancerAttributesResponse>(request, cancellationToken);

    public virtual Task<RegisterInstancesWithLoadBalancerResponse> RegisterInstancesWithLoadBalancerAsync(RegisterInstancesWithLoadBalancerRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<RegisterInstancesWithLoadBalancerResponse>(request, cancellationToken);

    public virtual Task<RemoveTagsResponse> RemoveTagsAsync(RemoveTagsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<RemoveTagsResponse>(request, cancellationToken);

    public virtual Task<SetLoadBalancerListenerSSLCertificateResponse> SetLoadBalancerListenerSSLCertificateAsync(SetLoadBalancerListenerSSLCertificateRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<SetLoadBalancerListenerSSLCertificateResponse>(request, cancellationToken);

    public virtual Task<SetLoadBalancerPoliciesOfListenerResponse> SetLoadBalancerPoliciesOfListenerAsync(SetLoadBalancerPoliciesOfListenerRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<SetLoadBalancerPoliciesOfListenerResponse>(request, cancellationToken);

    static ClientConfig IAmazonService.CreateDefaultClientConfig() => new AmazonElasticLoadBalancingConfig();

    static IAmazonService IAmazonService.CreateDefaultServiceClient(AWSCredentials awsCredentials, ClientConfig clientConfig) =>
        new AmazonElasticLoadBalancingClient(awsCredentials, (AmazonElasticLoadBalancingConfig)clientConfig);
}
