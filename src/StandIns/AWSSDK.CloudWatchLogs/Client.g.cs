// Written by src/StandIns/generate.py: don't edit.
// As the official classes, these say nothing about the nullability of references.
#nullable disable
using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.CloudWatchLogs.Model;
using SyncStorage.StandIns.Query;

namespace Amazon.CloudWatchLogs;

public interface IAmazonCloudWatchLogs : IAmazonService, IDisposable
{
    Task<CreateLogGroupResponse> CreateLogGroupAsync(CreateLogGroupRequest request, CancellationToken cancellationToken = default);
    Task<CreateLogStreamResponse> CreateLogStreamAsync(CreateLogStreamRequest request, CancellationToken cancellationToken = default);
    Task<DeleteLogGroupResponse> DeleteLogGroupAsync(DeleteLogGroupRequest request, CancellationToken cancellationToken = default);
    Task<DeleteRetentionPolicyResponse> DeleteRetentionPolicyAsync(DeleteRetentionPolicyRequest request, CancellationToken cancellationToken = default);
    Task<DescribeLogGroupsResponse> DescribeLogGroupsAsync(DescribeLogGroupsRequest request, CancellationToken cancellationToken = default);
    Task<DescribeLogStreamsResponse> DescribeLogStreamsAsync(DescribeLogStreamsRequest request, CancellationToken cancellationToken = default);
    Task<FilterLogEventsResponse> FilterLogEventsAsync(FilterLogEventsRequest request, CancellationToken cancellationToken = default);
    Task<GetLogEventsResponse> GetLogEventsAsync(GetLogEventsRequest request, CancellationToken cancellationToken = default);
    Task<ListTagsForResourceResponse> ListTagsForResourceAsync(ListTagsForResourceRequest request, CancellationToken cancellationToken = default);
    Task<PutLogEventsResponse> PutLogEventsAsync(PutLogEventsRequest request, CancellationToken cancellationToken = default);
    Task<PutRetentionPolicyResponse> PutRetentionPolicyAsync(PutRetentionPolicyRequest request, CancellationToken cancellationToken = default);
    Task<TagResourceResponse> TagResourceAsync(TagResourceRequest request, CancellationToken cancellationToken = default);
    Task<UntagResourceResponse> UntagResourceAsync(UntagResourceRequest request, CancellationToken cancellationToken = default);
}

public class AmazonCloudWatchLogsConfig() : QueryClientConfig(AmazonCloudWatchLogsClient.Service.Model);

public class AmazonCloudWatchLogsException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
    : AmazonServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public partial class AmazonCloudWatchLogsClient : QueryClient, IAmazonCloudWatchLogs
{
    internal static readonly QueryService Service = new("logs", "AmazonCloudWatchLogs", (message, inner, type, code, requestId, status) =>
        new AmazonCloudWatchLogsException(message, inner, type, code, requestId, status));

    public AmazonCloudWatchLogsClient() : base(Service, new AmazonCloudWatchLogsConfig())
    {
    }

    public AmazonCloudWatchLogsClient(AmazonCloudWatchLogsConfig config) : base(Service, config)
    {
    }

    public AmazonCloudWatchLogsClient(RegionEndpoint region) : base(Service, new AmazonCloudWatchLogsConfig { RegionEndpoint = region })
    {
    }

    public AmazonCloudWatchLogsClient(AWSCredentials credentials) : base(Service, credentials, new AmazonCloudWatchLogsConfig())
    {
    }

    public AmazonCloudWatchLogsClient(AWSCredentials credentials, RegionEndpoint region) : base(Service, credentials, new AmazonCloudWatchLogsConfig { RegionEndpoint = region })
    {
    }

    public AmazonCloudWatchLogsClient(AWSCredentials credentials, AmazonCloudWatchLogsConfig clientConfig) : base(Service, credentials, clientConfig)
    {
    }

    public virtual Task<CreateLogGroupResponse> CreateLogGroupAsync(CreateLogGroupRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateLogGroupResponse>(request, cancellationToken);

    public virtual Task<CreateLogStreamResponse> CreateLogStreamAsync(CreateLogStreamRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateLogStreamResponse>(request, cancellationToken);

    public virtual Task<DeleteLogGroupResponse> DeleteLogGroupAsync(DeleteLogGroupRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteLogGroupResponse>(request, cancellationToken);

    public virtual Task<DeleteRetentionPolicyResponse> DeleteRetentionPolicyAsync(DeleteRetentionPolicyRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteRetentionPolicyResponse>(request, cancellationToken);

    public virtual Task<DescribeLogGroupsResponse> DescribeLogGroupsAsync(DescribeLogGroupsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeLogGroupsResponse>(request, cancellationToken);

    public virtual Task<DescribeLogStreamsResponse> DescribeLogStreamsAsync(DescribeLogStreamsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeLogStreamsResponse>(request, cancellationToken);

    public virtual Task<FilterLogEventsResponse> FilterLogEventsAsync(FilterLogEventsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<FilterLogEventsResponse>(request, cancellationToken);

    public virtual Task<GetLogEventsResponse> GetLogEventsAsync(GetLogEventsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetLogEventsResponse>(request, cancellationToken);

    public virtual Task<ListTagsForResourceResponse> ListTagsForResourceAsync(ListTagsForResourceRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListTagsForResourceResponse>(request, cancellationToken);

    public virtual Task<PutLogEventsResponse> PutLogEventsAsync(PutLogEventsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<PutLogEventsResponse>(request, cancellationToken);

    public virtual Task<PutRetentionPolicyResponse> PutRetentionPolicyAsync(PutRetentionPolicyRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<PutRetentionPolicyResponse>(request, cancellationToken);

    public virtual Task<TagResourceResponse> TagResourceAsync(TagResourceRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<TagResourceResponse>(request, cancellationToken);

    public virtual Task<UntagResourceResponse> UntagResourceAsync(UntagResourceRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<UntagResourceResponse>(request, cancellationToken);

    static ClientConfig IAmazonService.CreateDefaultClientConfig() => new AmazonCloudWatchLogsConfig();

    static IAmazonService IAmazonService.CreateDefaultServiceClient(AWSCredentials awsCredentials, ClientConfig clientConfig) =>
        new AmazonCloudWatchLogsClient(awsCredentials, (AmazonCloudWatchLogsConfig)clientConfig);
}

public sealed class DataProtectionStatus(string value) : ConstantClass(value)
{
    public static readonly DataProtectionStatus ACTIVATED = new("ACTIVATED");
    public static readonly DataProtectionStatus DELETED = new("DELETED");
    public static readonly DataProtectionStatus ARCHIVED = new("ARCHIVED");
    public static readonly DataProtectionStatus DISABLED = new("DISABLED");

    public static DataProtectionStatus FindValue(string value) => FindValue<DataProtectionStatus>(value);

    public static implicit operator DataProtectionStatus(string value) => FindValue(value);
}

public sealed class EntityRejectionErrorType(string value) : ConstantClass(value)
{
    public static readonly EntityRejectionErrorType InvalidEntity = new("InvalidEntity");
    public static readonly EntityRejectionErrorType InvalidTypeValue = new("InvalidTypeValue");
    public static readonly EntityRejectionErrorType InvalidKeyAttributes = new("InvalidKeyAttributes");
    public static readonly EntityRejectionErrorType InvalidAttributes = new("InvalidAttributes");
    public static readonly EntityRejectionErrorType EntitySizeTooLarge = new("EntitySizeTooLarge");
    public static readonly EntityRejectionErrorType UnsupportedLogGroupType = new("UnsupportedLogGroupType");
    public static readonly EntityRejectionErrorType MissingRequiredFields = new("MissingRequiredFields");

    public static EntityRejectionErrorType FindValue(string value) => FindValue<EntityRejectionErrorType>(value);

    public static implicit operator EntityRejectionErrorType(string value) => FindValue(value);
}

public sealed class InheritedProperty(string value) : ConstantClass(value)
{
    public static readonly InheritedProperty ACCOUNT_DATA_PROTECTION = new("ACCOUNT_DATA_PROTECTION");

    public static InheritedProperty FindValue(string value) => FindValue<InheritedProperty>(value);

    public static implicit operator InheritedProperty(string value) => FindValue(value);
}

public sealed class LogGroupClass(string value) : ConstantClass(value)
{
    public static readonly LogGroupClass STANDARD = new("STANDARD");
    public static readonly LogGroupClass INFREQUENT_ACCESS = new("INFREQUENT_ACCESS");
    public static readonly LogGroupClass DELIVERY = new("DELIVERY");

    public static LogGroupClass FindValue(string value) => FindValue<LogGroupClass>(value);

    public static implicit operator LogGroupClass(string value) => FindValue(value);
}

public sealed class OrderBy(string value) : ConstantClass(value)
{
    public static readonly OrderBy LogStreamName = new("LogStreamName");
    public static readonly OrderBy LastEventTime = new("LastEventTime");

    public static OrderBy FindValue(string value) => FindValue<OrderBy>(value);

    public static implicit operator OrderBy(string value) => FindValue(value);
}
