// Written by src/StandIns/generate.py: don't edit.
// As the official classes, these say nothing about the nullability of references.
#nullable disable
using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.CloudWatch.Model;
using SyncStorage.StandIns.Query;

namespace Amazon.CloudWatch;

public interface IAmazonCloudWatch : IAmazonService, IDisposable
{
    Task<DeleteAlarmsResponse> DeleteAlarmsAsync(DeleteAlarmsRequest request, CancellationToken cancellationToken = default);
    Task<DeleteDashboardsResponse> DeleteDashboardsAsync(DeleteDashboardsRequest request, CancellationToken cancellationToken = default);
    Task<DescribeAlarmsResponse> DescribeAlarmsAsync(DescribeAlarmsRequest request, CancellationToken cancellationToken = default);
    Task<GetDashboardResponse> GetDashboardAsync(GetDashboardRequest request, CancellationToken cancellationToken = default);
    Task<GetMetricDataResponse> GetMetricDataAsync(GetMetricDataRequest request, CancellationToken cancellationToken = default);
    Task<GetMetricStatisticsResponse> GetMetricStatisticsAsync(GetMetricStatisticsRequest request, CancellationToken cancellationToken = default);
    Task<ListDashboardsResponse> ListDashboardsAsync(ListDashboardsRequest request, CancellationToken cancellationToken = default);
    Task<ListMetricsResponse> ListMetricsAsync(ListMetricsRequest request, CancellationToken cancellationToken = default);
    Task<ListTagsForResourceResponse> ListTagsForResourceAsync(ListTagsForResourceRequest request, CancellationToken cancellationToken = default);
    Task<PutDashboardResponse> PutDashboardAsync(PutDashboardRequest request, CancellationToken cancellationToken = default);
    Task<PutMetricAlarmResponse> PutMetricAlarmAsync(PutMetricAlarmRequest request, CancellationToken cancellationToken = default);
    Task<PutMetricDataResponse> PutMetricDataAsync(PutMetricDataRequest request, CancellationToken cancellationToken = default);
    Task<SetAlarmStateResponse> SetAlarmStateAsync(SetAlarmStateRequest request, CancellationToken cancellationToken = default);
    Task<TagResourceResponse> TagResourceAsync(TagResourceRequest request, CancellationToken cancellationToken = default);
    Task<UntagResourceResponse> UntagResourceAsync(UntagResourceRequest request, CancellationToken cancellationToken = default);
}

public class AmazonCloudWatchConfig() : QueryClientConfig(AmazonCloudWatchClient.Service.Model);

public class AmazonCloudWatchException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
    : AmazonServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public partial class AmazonCloudWatchClient : QueryClient, IAmazonCloudWatch
{
    internal static readonly QueryService Service = new("cloudwatch", "AmazonCloudWatch", (message, inner, type, code, requestId, status) =>
        new AmazonCloudWatchException(message, inner, type, code, requestId, status));

    public AmazonCloudWatchClient() : base(Service, new AmazonCloudWatchConfig())
    {
    }

    public AmazonCloudWatchClient(AmazonCloudWatchConfig config) : base(Service, config)
    {
    }

    public AmazonCloudWatchClient(RegionEndpoint region) : base(Service, new AmazonCloudWatchConfig { RegionEndpoint = region })
    {
    }

    public AmazonCloudWatchClient(AWSCredentials credentials) : base(Service, credentials, new AmazonCloudWatchConfig())
    {
    }

    public AmazonCloudWatchClient(AWSCredentials credentials, RegionEndpoint region) : base(Service, credentials, new AmazonCloudWatchConfig { RegionEndpoint = region })
    {
    }

    public AmazonCloudWatchClient(AWSCredentials credentials, AmazonCloudWatchConfig clientConfig) : base(Service, credentials, clientConfig)
    {
    }

    public virtual Task<DeleteAlarmsResponse> DeleteAlarmsAsync(DeleteAlarmsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteAlarmsResponse>(request, cancellationToken);

    public virtual Task<DeleteDashboardsResponse> DeleteDashboardsAsync(DeleteDashboardsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteDashboardsResponse>(request, cancellationToken);

    public virtual Task<DescribeAlarmsResponse> DescribeAlarmsAsync(DescribeAlarmsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeAlarmsResponse>(request, cancellationToken);

    public virtual Task<GetDashboardResponse> GetDashboardAsync(GetDashboardRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetDashboardResponse>(request, cancellationToken);

    public virtual Task<GetMetricDataResponse> GetMetricDataAsync(GetMetricDataRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetMetricDataResponse>(request, cancellationToken);

    public virtual Task<GetMetricStatisticsResponse> GetMetricStatisticsAsync(GetMetricStatisticsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GetMetricStatisticsResponse>(request, cancellationToken);

    public virtual Task<ListDashboardsResponse> ListDashboardsAsync(ListDashboardsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListDashboardsResponse>(request, cancellationToken);

    public virtual Task<ListMetricsResponse> ListMetricsAsync(ListMetricsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListMetricsResponse>(request, cancellationToken);

    public virtual Task<ListTagsForResourceResponse> ListTagsForResourceAsync(ListTagsForResourceRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListTagsForResourceResponse>(request, cancellationToken);

    public virtual Task<PutDashboardResponse> PutDashboardAsync(PutDashboardRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<PutDashboardResponse>(request, cancellationToken);

    public virtual Task<PutMetricAlarmResponse> PutMetricAlarmAsync(PutMetricAlarmRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<PutMetricAlarmResponse>(request, cancellationToken);

    public virtual Task<PutMetricDataResponse> PutMetricDataAsync(PutMetricDataRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<PutMetricDataResponse>(request, cancellationToken);

    public virtual Task<SetAlarmStateResponse> SetAlarmStateAsync(SetAlarmStateRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<SetAlarmStateResponse>(request, cancellationToken);

    public virtual Task<TagResourceResponse> TagResourceAsync(TagResourceRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<TagResourceResponse>(request, cancellationToken);

    public virtual Task<UntagResourceResponse> UntagResourceAsync(UntagResourceRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<UntagResourceResponse>(request, cancellationToken);

    static ClientConfig IAmazonService.CreateDefaultClientConfig() => new AmazonCloudWatchConfig();

    static IAmazonService IAmazonService.CreateDefaultServiceClient(AWSCredentials awsCredentials, ClientConfig clientConfig) =>
        new AmazonCloudWatchClient(awsCredentials, (AmazonCloudWatchConfig)clientConfig);
}

public sealed class ActionsSuppressedBy(string value) : ConstantClass(value)
{
    public static readonly ActionsSuppressedBy WaitPeriod = new("WaitPeriod");
    public static readonly ActionsSuppressedBy ExtensionPeriod = new("ExtensionPeriod");
    public static readonly ActionsSuppressedBy Alarm = new("Alarm");

    public static ActionsSuppressedBy FindValue(string value) => FindValue<ActionsSuppressedBy>(value);

    public static implicit operator ActionsSuppressedBy(string value) => FindValue(value);
}

public sealed class AlarmType(string value) : ConstantClass(value)
{
    public static readonly AlarmType CompositeAlarm = new("CompositeAlarm");
    public static readonly AlarmType MetricAlarm = new("MetricAlarm");

    public static AlarmType FindValue(string value) => FindValue<AlarmType>(value);

    public static implicit operator AlarmType(string value) => FindValue(value);
}

public sealed class ComparisonOperator(string value) : ConstantClass(value)
{
    public static readonly ComparisonOperator GreaterThanOrEqualToThreshold = new("GreaterThanOrEqualToThreshold");
    public static readonly ComparisonOperator GreaterThanThreshold = new("GreaterThanThreshold");
    public static readonly ComparisonOperator LessThanThreshold = new("LessThanThreshold");
    public static readonly ComparisonOperator LessThanOrEqualToThreshold = new("LessThanOrEqualToThreshold");
    public static readonly ComparisonOperator LessThanLowerOrGreaterThanUpperThreshold = new("LessThanLowerOrGreaterThanUpperThreshold");
    public static readonly ComparisonOperator LessThanLowerThreshold = new("LessThanLowerThreshold");
    public static readonly ComparisonOperator GreaterThanUpperThreshold = new("GreaterThanUpperThreshold");

    public static ComparisonOperator FindValue(string value) => FindValue<ComparisonOperator>(value);

    public static implicit operator ComparisonOperator(string value) => FindValue(value);
}

public sealed class EvaluationState(string value) : ConstantClass(value)
{
    public static readonly EvaluationState PARTIAL_DATA = new("PARTIAL_DATA");
    public static readonly EvaluationState EVALUATION_FAILURE = new("EVALUATION_FAILURE");
    public static readonly EvaluationState EVALUATION_ERROR = new("EVALUATION_ERROR");

    public static EvaluationState FindValue(string value) => FindValue<EvaluationState>(value);

    public static implicit operator EvaluationState(string value) => FindValue(value);
}

public sealed class RecentlyActive(string value) : ConstantClass(value)
{
    public static readonly RecentlyActive PT3H = new("PT3H");

    public static RecentlyActive FindValue(string value) => FindValue<RecentlyActive>(value);

    public static implicit operator RecentlyActive(string value) => FindValue(value);
}

public sealed class ScanBy(string value) : ConstantClass(value)
{
    public static readonly ScanBy TimestampDescending = new("TimestampDescending");
    public static readonly ScanBy TimestampAscending = new("TimestampAscending");

    public static ScanBy FindValue(string value) => FindValue<ScanBy>(value);

    public static implicit operator ScanBy(string value) => FindValue(value);
}

public sealed class StandardUnit(string value) : ConstantClass(value)
{
    public static readonly StandardUnit Seconds = new("Seconds");
    public static readonly StandardUnit Microseconds = new("Microseconds");
    public static readonly StandardUnit Milliseconds = new("Milliseconds");
    public static readonly StandardUnit Bytes = new("Bytes");
    public static readonly StandardUnit Kilobytes = new("Kilobytes");
    public static readonly StandardUnit Megabytes = new("Megabytes");
    public static readonly StandardUnit Gigabytes = new("Gigabytes");
    public static readonly StandardUnit Terabytes = new("Terabytes");
    public static readonly StandardUnit Bits = new("Bits");
    public static readonly StandardUnit Kilobits = new("Kilobits");
    public static readonly StandardUnit Megabits = new("Megabits");
    public static readonly StandardUnit Gigabits = new("Gigabits");
    public static readonly StandardUnit Terabits = new("Terabits");
    public static readonly StandardUnit Percent = new("Percent");
    public static readonly StandardUnit Count = new("Count");
    public static readonly StandardUnit BytesSecond = new("Bytes/Second");
    public static readonly StandardUnit KilobytesSecond = new("Kilobytes/Second");
    public static readonly StandardUnit MegabytesSecond = new("Megabytes/Second");
    public static readonly StandardUnit GigabytesSecond = new("Gigabytes/Second");
    public static readonly StandardUnit TerabytesSecond = new("Terabytes/Second");
    public static readonly StandardUnit BitsSecond = new("Bits/Second");
    public static readonly StandardUnit KilobitsSecond = new("Kilobits/Second");
    public static readonly StandardUnit MegabitsSecond = new("Megabits/Second");
    public static readonly StandardUnit GigabitsSecond = new("Gigabits/Second");
    public static readonly StandardUnit TerabitsSecond = new("Terabits/Second");
    public static readonly StandardUnit CountSecond = new("Count/Second");
    public static readonly StandardUnit None = new("None");

    public static StandardUnit FindValue(string value) => FindValue<StandardUnit>(value);

    public static implicit operator StandardUnit(string value) => FindValue(value);
}

public sealed class StateValue(string value) : ConstantClass(value)
{
    public static readonly StateValue OK = new("OK");
    public static readonly StateValue ALARM = new("ALARM");
    public static readonly StateValue INSUFFICIENT_DATA = new("INSUFFICIENT_DATA");

    public static StateValue FindValue(string value) => FindValue<StateValue>(value);

    public static implicit operator StateValue(string value) => FindValue(value);
}

public sealed class Statistic(string value) : ConstantClass(value)
{
    public static readonly Statistic SampleCount = new("SampleCount");
    public static readonly Statistic Average = new("Average");
    public static readonly Statistic Sum = new("Sum");
    public static readonly Statistic Minimum = new("Minimum");
    public static readonly Statistic Maximum = new("Maximum");

    public static Statistic FindValue(string value) => FindValue<Statistic>(value);

    public static implicit operator Statistic(string value) => FindValue(value);
}

public sealed class StatusCode(string value) : ConstantClass(value)
{
    public static readonly StatusCode Complete = new("Complete");
    public static readonly StatusCode InternalError = new("InternalError");
    public static readonly StatusCode PartialData = new("PartialData");
    public static readonly StatusCode Forbidden = new("Forbidden");

    public static StatusCode FindValue(string value) => FindValue<StatusCode>(value);

    public static implicit operator StatusCode(string value) => FindValue(value);
}
