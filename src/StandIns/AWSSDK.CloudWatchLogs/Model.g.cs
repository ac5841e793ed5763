// Written by src/StandIns/generate.py: don't edit.
// As the official classes, these say nothing about the nullability of references.
#nullable disable
using Amazon.Runtime;

namespace Amazon.CloudWatchLogs.Model;

public partial class CreateLogGroupRequest : AmazonWebServiceRequest
{
    public string LogGroupName { get; set; }
    public string KmsKeyId { get; set; }
    public Dictionary<string, string> Tags { get; set; }
    public LogGroupClass LogGroupClass { get; set; }
    public bool? DeletionProtectionEnabled { get; set; }
}

public partial class CreateLogGroupResponse : AmazonWebServiceResponse
{

}

public partial class CreateLogStreamRequest : AmazonWebServiceRequest
{
    public string LogGroupName { get; set; }
    public string LogStreamName { get; set; }
}

public partial class CreateLogStreamResponse : AmazonWebServiceResponse
{

}

public partial class DeleteLogGroupRequest : AmazonWebServiceRequest
{
    public string LogGroupName { get; set; }
}

public partial class DeleteLogGroupResponse : AmazonWebServiceResponse
{

}

public partial class DeleteRetentionPolicyRequest : AmazonWebServiceRequest
{
    public string LogGroupName { get; set; }
}

public partial class DeleteRetentionPolicyResponse : AmazonWebServiceResponse
{

}

public partial class DescribeLogGroupsRequest : AmazonWebServiceRequest
{
    public List<string> AccountIdentifiers { get; set; }
    public string LogGroupNamePrefix { get; set; }
    public string LogGroupNamePattern { get; set; }
    public string NextToken { get; set; }
    public int? Limit { get; set; }
    public bool? IncludeLinkedAccounts { get; set; }
    public LogGroupClass LogGroupClass { get; set; }
    public List<string> LogGroupIdentifiers { get; set; }
}

public partial class DescribeLogGroupsResponse : AmazonWebServiceResponse
{
    public List<LogGroup> LogGroups { get; set; }
    public string NextToken { get; set; }
}

public partial class DescribeLogStreamsRequest : AmazonWebServiceRequest
{
    public string LogGroupName { get; set; }
    public string LogGroupIdentifier { get; set; }
    public string LogStreamNamePrefix { get; set; }
    public OrderBy OrderBy { get; set; }
    public bool? Descending { get; set; }
    public string NextToken { get; set; }
    public int? Limit { get; set; }
}

public partial class DescribeLogStreamsResponse : AmazonWebServiceResponse
{
    public List<LogStream> LogStreams { get; set; }
    public string NextToken { get; set; }
}

public partial class FilterLogEventsRequest : AmazonWebServiceRequest
{
    public string LogGroupName { get; set; }
    public string LogGroupIdentifier { get; set; }
    public List<string> LogStreamNames { get; set; }
    public string LogStreamNamePrefix { get; set; }
    public long? StartTime { get; set; }
    public long? EndTime { get; set; }
    public string FilterPattern { get; set; }
    public string NextToken { get; set; }
    public int? Limit { get; set; }
    public bool? Interleaved { get; set; }
    public bool? Unmask { get; set; }
}

public partial class FilterLogEventsResponse : AmazonWebServiceResponse
{
    public List<FilteredLogEvent> Events { get; set; }
    public List<SearchedLogStream> SearchedLogStreams { get; set; }
    public string NextToken { get; set; }
}

public partial class GetLogEventsRequest : AmazonWebServiceRequest
{
    public string LogGroupName { get; set; }
    public string LogGroupIdentifier { get; set; }
    public string LogStreamName { get; set; }
    public DateTime? StartTime { get; set; }
    public DateTime? EndTime { get; set; }
    public string NextToken { get; set; }
    public int? Limit { get; set; }
    public bool? StartFromHead { get; set; }
    public bool? Unmask { get; set; }
}

public partial class GetLogEventsResponse : AmazonWebServiceResponse
{
    public List<OutputLogEvent> Events { get; set; }
    public string NextForwardToken { get; set; }
    public string NextBackwardToken { get; set; }
}

public partial class ListTagsForResourceRequest : AmazonWebServiceRequest
{
    public string ResourceArn { get; set; }
}

public partial class ListTagsForResourceResponse : AmazonWebServiceResponse
{
    public Dictionary<string, string> Tags { get; set; }
}

public partial class PutLogEventsRequest : AmazonWebServiceRequest
{
    public string LogGroupName { get; set; }
    public string LogStreamName { get; set; }
    public List<InputLogEvent> LogEvents { get; set; }
    public string SequenceToken { get; set; }
    public Entity Entity { get; set; }
}

public partial class PutLogEventsResponse : AmazonWebServiceResponse
{
    public string NextSequenceToken { get; set; }
    public RejectedLogEventsInfo RejectedLogEventsInfo { get; set; }
    public RejectedEntityInfo RejectedEntityInfo { get; set; }
}

public partial class PutRetentionPolicyRequest : AmazonWebServiceRequest
{
    public string LogGroupName { get; set; }
    public int? RetentionInDays { get; set; }
}

public partial class PutRetentionPolicyResponse : AmazonWebServiceResponse
{

}

public partial class TagResourceRequest : AmazonWebServiceRequest
{
    public string ResourceArn { get; set; }
    public Dictionary<string, string> Tags { get; set; }
}

public partial class TagResourceResponse : AmazonWebServiceResponse
{

}

public partial class UntagResourceRequest : AmazonWebServiceRequest
{
    public string ResourceArn { get; set; }
    public List<string> TagKeys { get; set; }
}

public partial class UntagResourceResponse : AmazonWebServiceResponse
{

}

public partial class Entity
{
    public Dictionary<string, string> KeyAttributes { get; set; }
    public Dictionary<string, string> Attributes { get; set; }
}

public partial class FilteredLogEvent
{
    public string LogStreamName { get; set; }
    public long? Timestamp { get; set; }
    public string Message { get; set; }
    public long? IngestionTime { get; set; }
    public string EventId { get; set; }
}

public partial class InputLogEvent
{
    public DateTime? Timestamp { get; set; }
    public string Message { get; set; }
}

public partial class LogGroup
{
    public string LogGroupName { get; set; }
    public DateTime? CreationTime { get; set; }
    public int? RetentionInDays { get; set; }
    public int? MetricFilterCount { get; set; }
    public string Arn { get; set; }
    public long? StoredBytes { get; set; }
    public string KmsKeyId { get; set; }
    public DataProtectionStatus DataProtectionStatus { get; set; }
    public List<string> InheritedProperties { get; set; }
    public LogGroupClass LogGroupClass { get; set; }
    public string LogGroupArn { get; set; }
    public bool? DeletionProtectionEnabled { get; set; }
    public bool? BearerTokenAuthenticationEnabled { get; set; }
}

public partial class LogStream
{
    public string LogStreamName { get; set; }
    public DateTime? CreationTime { get; set; }
    public DateTime? FirstEventTimestamp { get; set; }
    public DateTime? LastEventTimestamp { get; set; }
    public DateTime? LastIngestionTime { get; set; }
    public string UploadSequenceToken { get; set; }
    public string Arn { get; set; }
    public long? StoredBytes { get; set; }
}

public partial class OutputLogEvent
{
    public DateTime? Timestamp { get; set; }
    public string Message { get; set; }
    public DateTime? IngestionTime { get; set; }
}

public partial class RejectedEntityInfo
{
    public EntityRejectionErrorType ErrorType { get; set; }
}

public partial class RejectedLogEventsInfo
{
    public int? TooNewLogEventStartIndex { get; set; }
    public int? TooOldLogEventEndIndex { get; set; }
    public int? ExpiredLogEventEndIndex { get; set; }
}

public partial class SearchedLogStream
{
    public string LogStreamName { get; set; }
    public bool? SearchedCompletely { get; set; }
}
