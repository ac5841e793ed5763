// Written by src/StandIns/generate.py: don't edit.
// As the official classes, these say nothing about the nullability of references.
#nullable disable
using Amazon.Runtime;

namespace Amazon.CloudWatch.Model;

public partial class DeleteAlarmsRequest : AmazonWebServiceRequest
{
    public List<string> AlarmNames { get; set; }
}

public partial class DeleteAlarmsResponse : AmazonWebServiceResponse
{

}

public partial class DeleteDashboardsRequest : AmazonWebServiceRequest
{
    public List<string> DashboardNames { get; set; }
}

public partial class DeleteDashboardsResponse : AmazonWebServiceResponse
{

}

public partial class DescribeAlarmsRequest : AmazonWebServiceRequest
{
    public List<string> AlarmNames { get; set; }
    public string AlarmNamePrefix { get; set; }
    public List<string> AlarmTypes { get; set; }
    public string ChildrenOfAlarmName { get; set; }
    public string ParentsOfAlarmName { get; set; }
    public StateValue StateValue { get; set; }
    public string ActionPrefix { get; set; }
    public int? MaxRecords { get; set; }
    public string NextToken { get; set; }
}

public partial class DescribeAlarmsResponse : AmazonWebServiceResponse
{
    public List<CompositeAlarm> CompositeAlarms { get; set; }
    public List<MetricAlarm> MetricAlarms { get; set; }
    public string NextToken { get; set; }
}

public partial class GetDashboardRequest : AmazonWebServiceRequest
{
    public string DashboardName { get; set; }
}

public partial class GetDashboardResponse : AmazonWebServiceResponse
{
    public string DashboardArn { get; set; }
    public string DashboardBody { get; set; }
    public string DashboardName { get; set; }
}

public partial class GetMetricDataRequest : AmazonWebServiceRequest
{
    public List<MetricDataQuery> MetricDataQueries { get; set; }
    public DateTime? StartTime { get; set; }
    public DateTime? EndTime { get; set; }
    public string NextToken { get; set; }
    public ScanBy ScanBy { get; set; }
    public int? MaxDatapoints { get; set; }
    public LabelOptions LabelOptions { get; set; }
}

public partial class GetMetricDataResponse : AmazonWebServiceResponse
{
    public List<MetricDataResult> MetricDataResults { get; set; }
    public string NextToken { get; set; }
    public List<MessageData> Messages { get; set; }
}

public partial class GetMetricStatisticsRequest : AmazonWebServiceRequest
{
    public string Namespace { get; set; }
    public string MetricName { get; set; }
    public List<Dimension> Dimensions { get; set; }
    public DateTime? StartTime { get; set; }
    public DateTime? EndTime { get; set; }
    public int? Period { get; set; }
    public List<string> Statistics { get; set; }
    public List<string> ExtendedStatistics { get; set; }
    public StandardUnit Unit { get; set; }
}

public partial class GetMetricStatisticsResponse : AmazonWebServiceResponse
{
    public string Label { get; set; }
    public List<Datapoint> Datapoints { get; set; }
}

public partial class ListDashboardsRequest : AmazonWebServiceRequest
{
    public string DashboardNamePrefix { get; set; }
    public string NextToken { get; set; }
}

public partial class ListDashboardsResponse : AmazonWebServiceResponse
{
    public List<DashboardEntry> DashboardEntries { get; set; }
    public string NextToken { get; set; }
}

public partial class ListMetricsRequest : AmazonWebServiceRequest
{
    public string Namespace { get; set; }
    public string MetricName { get; set; }
    public List<DimensionFilter> Dimensions { get; set; }
    public string NextToken { get; set; }
    public RecentlyActive RecentlyActive { get; set; }
    public bool? IncludeLinkedAccounts { get; set; }
    public string OwningAccount { get; set; }
}

public partial class ListMetricsResponse : AmazonWebServiceResponse
{
    public List<Metric> Metrics { get; set; }
    public string NextToken { get; set; }
    public List<string> OwningAccounts { get; set; }
}

public partial class ListTagsForResourceRequest : AmazonWebServiceRequest
{
    public string ResourceARN { get; set; }
}

public partial class ListTagsForResourceResponse : AmazonWebServiceResponse
{
    public List<Tag> Tags { get; set; }
}

public partial class PutDashboardRequest : AmazonWebServiceRequest
{
    public string DashboardName { get; set; }
    public string DashboardBody { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class PutDashboardResponse : AmazonWebServiceResponse
{
    public List<DashboardValidationMessage> DashboardValidationMessages { get; set; }
}

public partial class PutMetricAlarmRequest : AmazonWebServiceRequest
{
    public string AlarmName { get; set; }
    public string AlarmDescription { get; set; }
    public bool? ActionsEnabled { get; set; }
    public List<string> OKActions { get; set; }
    public List<string> AlarmActions { get; set; }
    public List<string> InsufficientDataActions { get; set; }
    public string MetricName { get; set; }
    public string Namespace { get; set; }
    public Statistic Statistic { get; set; }
    public string ExtendedStatistic { get; set; }
    public List<Dimension> Dimensions { get; set; }
    public int? Period { get; set; }
    public StandardUnit Unit { get; set; }
    public int? EvaluationPeriods { get; set; }
    public int? DatapointsToAlarm { get; set; }
    public double? Threshold { get; set; }
    public ComparisonOperator ComparisonOperator { get; set; }
    public string TreatMissingData { get; set; }
    public string EvaluateLowSampleCountPercentile { get; set; }
    public List<MetricDataQuery> Metrics { get; set; }
    public List<Tag> Tags { get; set; }
    public string ThresholdMetricId { get; set; }
    public EvaluationCriteria EvaluationCriteria { get; set; }
    public int? EvaluationInterval { get; set; }
}

public partial class PutMetricAlarmResponse : AmazonWebServiceResponse
{

}

public partial class PutMetricDataRequest : AmazonWebServiceRequest
{
    public string Namespace { get; set; }
    public List<MetricDatum> MetricData { get; set; }
    public List<EntityMetricData> EntityMetricData { get; set; }
    public bool? StrictEntityValidation { get; set; }
}

public partial class PutMetricDataResponse : AmazonWebServiceResponse
{

}

public partial class SetAlarmStateRequest : AmazonWebServiceRequest
{
    public string AlarmName { get; set; }
    public StateValue StateValue { get; set; }
    public string StateReason { get; set; }
    public string StateReasonData { get; set; }
}

public partial class SetAlarmStateResponse : AmazonWebServiceResponse
{

}

public partial class TagResourceRequest : AmazonWebServiceRequest
{
    public string ResourceARN { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class TagResourceResponse : AmazonWebServiceResponse
{

}

public partial class UntagResourceRequest : AmazonWebServiceRequest
{
    public string ResourceARN { get; set; }
    public List<string> TagKeys { get; set; }
}

public partial class UntagResourceResponse : AmazonWebServiceResponse
{

}

public partial class AlarmPromQLCriteria
{
    public string Query { get; set; }
    public int? PendingPeriod { get; set; }
    public int? RecoveryPeriod { get; set; }
}

public partial class CompositeAlarm
{
    public bool? ActionsEnabled { get; set; }
    public List<string> AlarmActions { get; set; }
    public string AlarmArn { get; set; }
    public DateTime? AlarmConfigurationUpdatedTimestamp { get; set; }
    public string AlarmDescription { get; set; }
    public string AlarmName { get; set; }
    public string AlarmRule { get; set; }
    public List<string> InsufficientDataActions { get; set; }
    public List<string> OKActions { get; set; }
    public string StateReason { get; set; }
    public string StateReasonData { get; set; }
    public DateTime? StateUpdatedTimestamp { get; set; }
    public StateValue StateValue { get; set; }
    public DateTime? StateTransitionedTimestamp { get; set; }
    public ActionsSuppressedBy ActionsSuppressedBy { get; set; }
    public string ActionsSuppressedReason { get; set; }
    public string ActionsSuppressor { get; set; }
    public int? ActionsSuppressorWaitPeriod { get; set; }
    public int? ActionsSuppressorExtensionPeriod { get; set; }
}

public partial class DashboardEntry
{
    public string DashboardName { get; set; }
    public string DashboardArn { get; set; }
    public DateTime? LastModified { get; set; }
    public long? Size { get; set; }
}

public partial class DashboardValidationMessage
{
    public string DataPath { get; set; }
    public string Message { get; set; }
}

public partial class Datapoint
{
    public DateTime? Timestamp { get; set; }
    public double? SampleCount { get; set; }
    public double? Average { get; set; }
    public double? Sum { get; set; }
    public double? Minimum { get; set; }
    public double? Maximum { get; set; }
    public StandardUnit Unit { get; set; }
    public Dictionary<string, double> ExtendedStatistics { get; set; }
}

public partial class Dimension
{
    public string Name { get; set; }
    public string Value { get; set; }
}

public partial class DimensionFilter
{
    public string Name { get; set; }
    public string Value { get; set; }
}

public partial class Entity
{
    public Dictionary<string, string> KeyAttributes { get; set; }
    public Dictionary<string, string> Attributes { get; set; }
}

public partial class EntityMetricData
{
    public Entity Entity { get; set; }
    public List<MetricDatum> MetricData { get; set; }
}

public partial class EvaluationCriteria
{
    public AlarmPromQLCriteria PromQLCriteria { get; set; }
}

public partial class LabelOptions
{
    public string Timezone { get; set; }
}

public partial class MessageData
{
    public string Code { get; set; }
    public string Value { get; set; }
}

public partial class Metric
{
    public string Namespace { get; set; }
    public string MetricName { get; set; }
    public List<Dimension> Dimensions { get; set; }
}

public partial class MetricAlarm
{
    public string AlarmName { get; set; }
    public string AlarmArn { get; set; }
    public string AlarmDescription { get; set; }
    public DateTime? AlarmConfigurationUpdatedTimestamp { get; set; }
    public bool? ActionsEnabled { get; set; }
    public List<string> OKActions { get; set; }
    public List<string> AlarmActions { get; set; }
    public List<string> InsufficientDataActions { get; set; }
    public StateValue StateValue { get; set; }
    public string StateReason { get; set; }
    public string StateReasonData { get; set; }
    public DateTime? StateUpdatedTimestamp { get; set; }
    public string MetricName { get; set; }
    public string Namespace { get; set; }
    public Statistic Statistic { get; set; }
    public string ExtendedStatistic { get; set; }
    public List<Dimension> Dimensions { get; set; }
    public int? Period { get; set; }
    public StandardUnit Unit { get; set; }
    public int? EvaluationPeriods { get; set; }
    public int? DatapointsToAlarm { get; set; }
    public double? Threshold { get; set; }
    public ComparisonOperator ComparisonOperator { get; set; }
    public string TreatMissingData { get; set; }
    public string EvaluateLowSampleCountPercentile { get; set; }
    public List<MetricDataQuery> Metrics { get; set; }
    public string ThresholdMetricId { get; set; }
    public EvaluationState EvaluationState { get; set; }
    public DateTime? StateTransitionedTimestamp { get; set; }
    public EvaluationCriteria EvaluationCriteria { get; set; }
    public int? EvaluationInterval { get; set; }
}

public partial class MetricDataQuery
{
    public string Id { get; set; }
    public MetricStat MetricStat { get; set; }
    public string Expression { get; set; }
    public string Label { get; set; }
    public bool? ReturnData { get; set; }
    public int? Period { get; set; }
    public string AccountId { get; set; }
}

public partial class MetricDataResult
{
    public string Id { get; set; }
    public string Label { get; set; }
    public List<DateTime> Timestamps { get; set; }
    public List<double> Values { get; set; }
    public StatusCode StatusCode { get; set; }
    public List<MessageData> Messages { get; set; }
}

public partial class MetricDatum
{
    public string MetricName { get; set; }
    public List<Dimension> Dimensions { get; set; }
    public DateTime? Timestamp { get; set; }
    public double? Value { get; set; }
    public StatisticSet StatisticValues { get; set; }
    public List<double> Values { get; set; }
    public List<double> Counts { get; set; }
    public StandardUnit Unit { get; set; }
    public int? StorageResolution { get; set; }
}

public partial class MetricStat
{
    public Metric Metric { get; set; }
    public int? Period { get; set; }
    public string Stat { get; set; }
    public StandardUnit Unit { get; set; }
}

public partial class StatisticSet
{
    public double? SampleCount { get; set; }
    public double? Sum { get; set; }
    public double? Minimum { get; set; }
    public double? Maximum { get; set; }
}

public partial class Tag
{
    public string Key { get; set; }
    public string Value { get; set; }
}
