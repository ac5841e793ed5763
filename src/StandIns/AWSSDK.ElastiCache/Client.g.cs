// Written by src/StandIns/generate.py: don't edit.
// As the official classes, these say nothing about the nullability of references.
#nullable disable
using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.ElastiCache.Model;
using SyncStorage.StandIns.Query;

namespace Amazon.ElastiCache;

public interface IAmazonElastiCache : IAmazonService, IDisposable
{
    Task<AddTagsToResourceResponse> AddTagsToResourceAsync(AddTagsToResourceRequest request, CancellationToken cancellationToken = default);
    Task<CreateCacheClusterResponse> CreateCacheClusterAsync(CreateCacheClusterRequest request, CancellationToken cancellationToken = default);
    Task<CreateCacheParameterGroupResponse> CreateCacheParameterGroupAsync(CreateCacheParameterGroupRequest request, CancellationToken cancellationToken = default);
    Task<CreateCacheSubnetGroupResponse> CreateCacheSubnetGroupAsync(CreateCacheSubnetGroupRequest request, CancellationToken cancellationToken = default);
    Task<DeleteCacheClusterResponse> DeleteCacheClusterAsync(DeleteCacheClusterRequest request, CancellationToken cancellationToken = default);
    Task<DeleteCacheParameterGroupResponse> DeleteCacheParameterGroupAsync(DeleteCacheParameterGroupRequest request, CancellationToken cancellationToken = default);
    Task<DeleteCacheSubnetGroupResponse> DeleteCacheSubnetGroupAsync(DeleteCacheSubnetGroupRequest request, CancellationToken cancellationToken = default);
    Task<DescribeCacheClustersResponse> DescribeCacheClustersAsync(DescribeCacheClustersRequest request, CancellationToken cancellationToken = default);
    Task<DescribeCacheParameterGroupsResponse> DescribeCacheParameterGroupsAsync(DescribeCacheParameterGroupsRequest request, CancellationToken cancellationToken = default);
    Task<DescribeCacheParametersResponse> DescribeCacheParametersAsync(DescribeCacheParametersRequest request, CancellationToken cancellationToken = default);
    Task<DescribeCacheSubnetGroupsResponse> DescribeCacheSubnetGroupsAsync(DescribeCacheSubnetGroupsRequest request, CancellationToken cancellationToken = default);
    Task<ListTagsForResourceResponse> ListTagsForResourceAsync(ListTagsForResourceRequest request, CancellationToken cancellationToken = default);
    Task<ModifyCacheClusterResponse> ModifyCacheClusterAsync(ModifyCacheClusterRequest request, CancellationToken cancellationToken = default);
    Task<ModifyCacheParameterGroupResponse> ModifyCacheParameterGroupAsync(ModifyCacheParameterGroupRequest request, CancellationToken cancellationToken = default);
    Task<ModifyCacheSubnetGroupResponse> ModifyCacheSubnetGroupAsync(ModifyCacheSubnetGroupRequest request, CancellationToken cancellationToken = default);
    Task<RebootCacheClusterResponse> RebootCacheClusterAsync(RebootCacheClusterRequest request, CancellationToken cancellationToken = default);
    Task<RemoveTagsFromResourceResponse> RemoveTagsFromResourceAsync(RemoveTagsFromResourceRequest request, CancellationToken cancellationToken = default);
}

public class AmazonElastiCacheConfig() : QueryClientConfig(AmazonElastiCacheClient.Service.Model);

public class AmazonElastiCacheException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
    : AmazonServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public partial class AmazonElastiCacheClient : QueryClient, IAmazonElastiCache
{
    internal static readonly QueryService Service = new("elasticache", "AmazonElastiCache", (message, inner, type, code, requestId, status) =>
        new AmazonElastiCacheException(message, inner, type, code, requestId, status));

    public AmazonElastiCacheClient() : base(Service, new AmazonElastiCacheConfig())
    {
    }

    public AmazonElastiCacheClient(AmazonElastiCacheConfig config) : base(Service, config)
    {
    }

    public AmazonElastiCacheClient(RegionEndpoint region) : base(Service, new AmazonElastiCacheConfig { RegionEndpoint = region })
    {
    }

    public AmazonElastiCacheClient(AWSCredentials credentials) : base(Service, credentials, new AmazonElastiCacheConfig())
    {
    }

    public AmazonElastiCacheClient(AWSCredentials credentials, RegionEndpoint region) : base(Service, credentials, new AmazonElastiCacheConfig { RegionEndpoint = region })
    {
    }

    public AmazonElastiCacheClient(AWSCredentials credentials, AmazonElastiCacheConfig clientConfig) : base(Service, credentials, clientConfig)
    {
    }

    public virtual Task<AddTagsToResourceResponse> AddTagsToResourceAsync(AddTagsToResourceRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<AddTagsToResourceResponse>(request, cancellationToken);

    public virtual Task<CreateCacheClusterResponse> CreateCacheClusterAsync(CreateCacheClusterRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateCacheClusterResponse>(request, cancellationToken);

    public virtual Task<CreateCacheParameterGroupResponse> CreateCacheParameterGroupAsync(CreateCacheParameterGroupRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateCacheParameterGroupResponse>(request, cancellationToken);

    public virtual Task<CreateCacheSubnetGroupResponse> CreateCacheSubnetGroupAsync(CreateCacheSubnetGroupRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateCacheSubnetGroupResponse>(request, cancellationToken);

    public virtual Task<DeleteCacheClusterResponse> DeleteCacheClusterAsync(DeleteCacheClusterRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteCacheClusterResponse>(request, cancellationToken);

    public virtual Task<DeleteCacheParameterGroupResponse> DeleteCacheParameterGroupAsync(DeleteCacheParameterGroupRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteCacheParameterGroupResponse>(request, cancellationToken);

    public virtual Task<DeleteCacheSubnetGroupResponse> DeleteCacheSubnetGroupAsync(DeleteCacheSubnetGroupRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteCacheSubnetGroupResponse>(request, cancellationToken);

    public virtual Task<DescribeCacheClustersResponse> DescribeCacheClustersAsync(DescribeCacheClustersRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeCacheClustersResponse>(request, cancellationToken);

    public virtual Task<DescribeCacheParameterGroupsResponse> DescribeCacheParameterGroupsAsync(DescribeCacheParameterGroupsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeCacheParameterGroupsResponse>(request, cancellationToken);

    public virtual Task<DescribeCacheParametersResponse> DescribeCacheParametersAsync(DescribeCacheParametersRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeCacheParametersResponse>(request, cancellationToken);

    public virtual Task<DescribeCacheSubnetGroupsResponse> DescribeCacheSubnetGroupsAsync(DescribeCacheSubnetGroupsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeCacheSubnetGroupsResponse>(request, cancellationToken);

    public virtual Task<ListTagsForResourceResponse> ListTagsForResourceAsync(ListTagsForResourceRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListTagsForResourceResponse>(request, cancellationToken);

    public virtual Task<ModifyCacheClusterResponse> ModifyCacheClusterAsync(ModifyCacheClusterRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ModifyCacheClusterResponse>(request, cancellationToken);

    public virtual Task<ModifyCacheParameterGroupResponse> ModifyCacheParameterGroupAsync(ModifyCacheParameterGroupRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ModifyCacheParameterGroupResponse>(request, cancellationToken);

    public virtual Task<ModifyCacheSubnetGroupResponse> ModifyCacheSubnetGroupAsync(ModifyCacheSubnetGroupRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ModifyCacheSubnetGroupResponse>(request, cancellationToken);

    public virtual Task<RebootCacheClusterResponse> RebootCacheClusterAsync(RebootCacheClusterRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<RebootCacheClusterResponse>(request, cancellationToken);

    public virtual Task<RemoveTagsFromResourceResponse> RemoveTagsFromResourceAsync(RemoveTagsFromResourceRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<RemoveTagsFromResourceResponse>(request, cancellationToken);

    static ClientConfig IAmazonService.CreateDefaultClientConfig() => new AmazonElastiCacheConfig();

    static IAmazonService IAmazonService.CreateDefaultServiceClient(AWSCredentials awsCredentials, ClientConfig clientConfig) =>
        new AmazonElastiCacheClient(awsCredentials, (AmazonElastiCacheConfig)clientConfig);
}

public sealed class AZMode(string value) : ConstantClass(value)
{
    public static readonly AZMode SingleAz = new("single-az");
    public static readonly AZMode CrossAz = new("cross-az");

    public static AZMode FindValue(string value) => FindValue<AZMode>(value);

    public static implicit operator AZMode(string value) => FindValue(value);
}

public sealed class AuthTokenUpdateStatus(string value) : ConstantClass(value)
{
    public static readonly AuthTokenUpdateStatus SETTING = new("SETTING");
    public static readonly AuthTokenUpdateStatus ROTATING = new("ROTATING");

    public static AuthTokenUpdateStatus FindValue(string value) => FindValue<AuthTokenUpdateStatus>(value);

    public static implicit operator AuthTokenUpdateStatus(string value) => FindValue(value);
}

public sealed class AuthTokenUpdateStrategyType(string value) : ConstantClass(value)
{
    public static readonly AuthTokenUpdateStrategyType SET = new("SET");
    public static readonly AuthTokenUpdateStrategyType ROTATE = new("ROTATE");
    public static readonly AuthTokenUpdateStrategyType DELETE = new("DELETE");

    public static AuthTokenUpdateStrategyType FindValue(string value) => FindValue<AuthTokenUpdateStrategyType>(value);

    public static implicit operator AuthTokenUpdateStrategyType(string value) => FindValue(value);
}

public sealed class ChangeType(string value) : ConstantClass(value)
{
    public static readonly ChangeType Immediate = new("immediate");
    public static readonly ChangeType RequiresReboot = new("requires-reboot");

    public static ChangeType FindValue(string value) => FindValue<ChangeType>(value);

    public static implicit operator ChangeType(string value) => FindValue(value);
}

public sealed class DestinationType(string value) : ConstantClass(value)
{
    public static readonly DestinationType CloudwatchLogs = new("cloudwatch-logs");
    public static readonly DestinationType KinesisFirehose = new("kinesis-firehose");

    public static DestinationType FindValue(string value) => FindValue<DestinationType>(value);

    public static implicit operator DestinationType(string value) => FindValue(value);
}

public sealed class IpDiscovery(string value) : ConstantClass(value)
{
    public static readonly IpDiscovery Ipv4 = new("ipv4");
    public static readonly IpDiscovery Ipv6 = new("ipv6");

    public static IpDiscovery FindValue(string value) => FindValue<IpDiscovery>(value);

    public static implicit operator IpDiscovery(string value) => FindValue(value);
}

public sealed class LogDeliveryConfigurationStatus(string value) : ConstantClass(value)
{
    public static readonly LogDeliveryConfigurationStatus Active = new("active");
    public static readonly LogDeliveryConfigurationStatus Enabling = new("enabling");
    public static readonly LogDeliveryConfigurationStatus Modifying = new("modifying");
    public static readonly LogDeliveryConfigurationStatus Disabling = new("disabling");
    public static readonly LogDeliveryConfigurationStatus Error = new("error");

    public static LogDeliveryConfigurationStatus FindValue(string value) => FindValue<LogDeliveryConfigurationStatus>(value);

    public static implicit operator LogDeliveryConfigurationStatus(string value) => FindValue(value);
}

public sealed class LogFormat(string value) : ConstantClass(value)
{
    public static readonly LogFormat Text = new("text");
    public static readonly LogFormat Json = new("json");

    public static LogFormat FindValue(string value) => FindValue<LogFormat>(value);

    public static implicit operator LogFormat(string value) => FindValue(value);
}

public sealed class LogType(string value) : ConstantClass(value)
{
    public static readonly LogType SlowLog = new("slow-log");
    public static readonly LogType EngineLog = new("engine-log");

    public static LogType FindValue(string value) => FindValue<LogType>(value);

    public static implicit operator LogType(string value) => FindValue(value);
}

public sealed class NetworkType(string value) : ConstantClass(value)
{
    public static readonly NetworkType Ipv4 = new("ipv4");
    public static readonly NetworkType Ipv6 = new("ipv6");
    public static readonly NetworkType Dual_stack = new("dual_stack");

    public static NetworkType FindValue(string value) => FindValue<NetworkType>(value);

    public static implicit operator NetworkType(string value) => FindValue(value);
}

public sealed class OutpostMode(string value) : ConstantClass(value)
{
    public static readonly OutpostMode SingleOutpost = new("single-outpost");
    public static readonly OutpostMode CrossOutpost = new("cross-outpost");

    public static OutpostMode FindValue(string value) => FindValue<OutpostMode>(value);

    public static implicit operator OutpostMode(string value) => FindValue(value);
}

public sealed class TransitEncryptionMode(string value) : ConstantClass(value)
{
    public static readonly TransitEncryptionMode Preferred = new("preferred");
    public static readonly TransitEncryptionMode Required = new("required");

    public static TransitEncryptionMode FindValue(string value) => FindValue<TransitEncryptionMode>(value);

    public static implicit operator TransitEncryptionMode(string value) => FindValue(value);
}
