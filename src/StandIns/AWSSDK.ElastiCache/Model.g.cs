// Written by src/StandIns/generate.py: don't edit.
// As the official classes, these say nothing about the nullability of references.
#nullable disable
using Amazon.Runtime;

namespace Amazon.ElastiCache.Model;

public partial class AddTagsToResourceRequest : AmazonWebServiceRequest
{
    public string ResourceName { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class AddTagsToResourceResponse : AmazonWebServiceResponse
{
    public List<Tag> TagList { get; set; }
}

public partial class CreateCacheClusterRequest : AmazonWebServiceRequest
{
    public string CacheClusterId { get; set; }
    public string ReplicationGroupId { get; set; }
    public AZMode AZMode { get; set; }
    public string PreferredAvailabilityZone { get; set; }
    public List<string> PreferredAvailabilityZones { get; set; }
    public int? NumCacheNodes { get; set; }
    public string CacheNodeType { get; set; }
    public string Engine { get; set; }
    public string EngineVersion { get; set; }
    public string CacheParameterGroupName { get; set; }
    public string CacheSubnetGroupName { get; set; }
    public List<string> CacheSecurityGroupNames { get; set; }
    public List<string> SecurityGroupIds { get; set; }
    public List<Tag> Tags { get; set; }
    public List<string> SnapshotArns { get; set; }
    public string SnapshotName { get; set; }
    public string PreferredMaintenanceWindow { get; set; }
    public int? Port { get; set; }
    public string NotificationTopicArn { get; set; }
    public bool? AutoMinorVersionUpgrade { get; set; }
    public int? SnapshotRetentionLimit { get; set; }
    public string SnapshotWindow { get; set; }
    public string AuthToken { get; set; }
    public OutpostMode OutpostMode { get; set; }
    public string PreferredOutpostArn { get; set; }
    public List<string> PreferredOutpostArns { get; set; }
    public List<LogDeliveryConfigurationRequest> LogDeliveryConfigurations { get; set; }
    public bool? TransitEncryptionEnabled { get; set; }
    public NetworkType NetworkType { get; set; }
    public IpDiscovery IpDiscovery { get; set; }
}

public partial class CreateCacheClusterResponse : AmazonWebServiceResponse
{
    public CacheCluster CacheCluster { get; set; }
}

public partial class CreateCacheParameterGroupRequest : AmazonWebServiceRequest
{
    public string CacheParameterGroupName { get; set; }
    public string CacheParameterGroupFamily { get; set; }
    public string Description { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class CreateCacheParameterGroupResponse : AmazonWebServiceResponse
{
    public CacheParameterGroup CacheParameterGroup { get; set; }
}

public partial class CreateCacheSubnetGroupRequest : AmazonWebServiceRequest
{
    public string CacheSubnetGroupName { get; set; }
    public string CacheSubnetGroupDescription { get; set; }
    public List<string> SubnetIds { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class CreateCacheSubnetGroupResponse : AmazonWebServiceResponse
{
    public CacheSubnetGroup CacheSubnetGroup { get; set; }
}

public partial class DeleteCacheClusterRequest : AmazonWebServiceRequest
{
    public string CacheClusterId { get; set; }
    public string FinalSnapshotIdentifier { get; set; }
}

public partial class DeleteCacheClusterResponse : AmazonWebServiceResponse
{
    public CacheCluster CacheCluster { get; set; }
}

public partial class DeleteCacheParameterGroupRequest : AmazonWebServiceRequest
{
    public string CacheParameterGroupName { get; set; }
}

public partial class DeleteCacheParameterGroupResponse : AmazonWebServiceResponse
{

}

public partial class DeleteCacheSubnetGroupRequest : AmazonWebServiceRequest
{
    public string CacheSubnetGroupName { get; set; }
}

public partial class DeleteCacheSubnetGroupResponse : AmazonWebServiceResponse
{

}

public partial class DescribeCacheClustersRequest : AmazonWebServiceRequest
{
    public string CacheClusterId { get; set; }
    public int? MaxRecords { get; set; }
    public string Marker { get; set; }
    public bool? ShowCacheNodeInfo { get; set; }
    public bool? ShowCacheClustersNotInReplicationGroups { get; set; }
}

public partial class DescribeCacheClustersResponse : AmazonWebServiceResponse
{
    public string Marker { get; set; }
    public List<CacheCluster> CacheClusters { get; set; }
}

public partial class DescribeCacheParameterGroupsRequest : AmazonWebServiceRequest
{
    public string CacheParameterGroupName { get; set; }
    public int? MaxRecords { get; set; }
    public string Marker { get; set; }
}

public partial class DescribeCacheParameterGroupsResponse : AmazonWebServiceResponse
{
    public string Marker { get; set; }
    public List<CacheParameterGroup> CacheParameterGroups { get; set; }
}

public partial class DescribeCacheParametersRequest : AmazonWebServiceRequest
{
    public string CacheParameterGroupName { get; set; }
    public string Source { get; set; }
    public int? MaxRecords { get; set; }
    public string Marker { get; set; }
}

public partial class DescribeCacheParametersResponse : AmazonWebServiceResponse
{
    public string Marker { get; set; }
    public List<Parameter> Parameters { get; set; }
    public List<CacheNodeTypeSpecificParameter> CacheNodeTypeSpecificParameters { get; set; }
}

public partial class DescribeCacheSubnetGroupsRequest : AmazonWebServiceRequest
{
    public string CacheSubnetGroupName { get; set; }
    public int? MaxRecords { get; set; }
    public string Marker { get; set; }
}

public partial class DescribeCacheSubnetGroupsResponse : AmazonWebServiceResponse
{
    public string Marker { get; set; }
    public List<CacheSubnetGroup> CacheSubnetGroups { get; set; }
}

public partial class ListTagsForResourceRequest : AmazonWebServiceRequest
{
    public string ResourceName { get; set; }
}

public partial class ListTagsForResourceResponse : AmazonWebServiceResponse
{
    public List<Tag> TagList { get; set; }
}

public partial class ModifyCacheClusterRequest : AmazonWebServiceRequest
{
    public string CacheClusterId { get; set; }
    public int? NumCacheNodes { get; set; }
    public List<string> CacheNodeIdsToRemove { get; set; }
    public AZMode AZMode { get; set; }
    public List<string> NewAvailabilityZones { get; set; }
    public List<string> CacheSecurityGroupNames { get; set; }
    public List<string> SecurityGroupIds { get; set; }
    public string PreferredMaintenanceWindow { get; set; }
    public string NotificationTopicArn { get; set; }
    public string CacheParameterGroupName { get; set; }
    public string NotificationTopicStatus { get; set; }
    public bool? ApplyImmediately { get; set; }
    public string Engine { get; set; }
    public string EngineVersion { get; set; }
    public bool? AutoMinorVersionUpgrade { get; set; }
    public int? SnapshotRetentionLimit { get; set; }
    public string SnapshotWindow { get; set; }
    public string CacheNodeType { get; set; }
    public string AuthToken { get; set; }
    public AuthTokenUpdateStrategyType AuthTokenUpdateStrategy { get; set; }
    public List<LogDeliveryConfigurationRequest> LogDeliveryConfigurations { get; set; }
    public IpDiscovery IpDiscovery { get; set; }
    public ScaleConfig ScaleConfig { get; set; }
}

public partial class ModifyCacheClusterResponse : AmazonWebServiceResponse
{
    public CacheCluster CacheCluster { get; set; }
}

public partial class ModifyCacheParameterGroupRequest : AmazonWebServiceRequest
{
    public string CacheParameterGroupName { get; set; }
    public List<ParameterNameValue> ParameterNameValues { get; set; }
}

public partial class ModifyCacheParameterGroupResponse : AmazonWebServiceResponse
{
    public string CacheParameterGroupName { get; set; }
}

public partial class ModifyCacheSubnetGroupRequest : AmazonWebServiceRequest
{
    public string CacheSubnetGroupName { get; set; }
    public string CacheSubnetGroupDescription { get; set; }
    public List<string> SubnetIds { get; set; }
}

public partial class ModifyCacheSubnetGroupResponse : AmazonWebServiceResponse
{
    public CacheSubnetGroup CacheSubnetGroup { get; set; }
}

public partial class RebootCacheClusterRequest : AmazonWebServiceRequest
{
    public string CacheClusterId { get; set; }
    public List<string> CacheNodeIdsToReboot { get; set; }
}

public partial class RebootCacheClusterResponse : AmazonWebServiceResponse
{
    public CacheCluster CacheCluster { get; set; }
}

public partial class RemoveTagsFromResourceRequest : AmazonWebServiceRequest
{
    public string ResourceName { get; set; }
    public List<string> TagKeys { get; set; }
}

public partial class RemoveTagsFromResourceResponse : AmazonWebServiceResponse
{
    public List<Tag> TagList { get; set; }
}

public partial class AvailabilityZone
{
    public string Name { get; set; }
}

public partial class CacheCluster
{
    public string CacheClusterId { get; set; }
    public Endpoint ConfigurationEndpoint { get; set; }
    public string ClientDownloadLandingPage { get; set; }
    public string CacheNodeType { get; set; }
    public string Engine { get; set; }
    public string EngineVersion { get; set; }
    public string CacheClusterStatus { get; set; }
    public int? NumCacheNodes { get; set; }
    public string PreferredAvailabilityZone { get; set; }
    public string PreferredOutpostArn { get; set; }
    public DateTime? CacheClusterCreateTime { get; set; }
    public string PreferredMaintenanceWindow { get; set; }
    public PendingModifiedValues PendingModifiedValues { get; set; }
    public NotificationConfiguration NotificationConfiguration { get; set; }
    public List<CacheSecurityGroupMembership> CacheSecurityGroups { get; set; }
    public CacheParameterGroupStatus CacheParameterGroup { get; set; }
    public string CacheSubnetGroupName { get; set; }
    public List<CacheNode> CacheNodes { get; set; }
    public bool? AutoMinorVersionUpgrade { get; set; }
    public List<SecurityGroupMembership> SecurityGroups { get; set; }
    public string ReplicationGroupId { get; set; }
    public int? SnapshotRetentionLimit { get; set; }
    public string SnapshotWindow { get; set; }
    public bool? AuthTokenEnabled { get; set; }
    public DateTime? AuthTokenLastModifiedDate { get; set; }
    public bool? TransitEncryptionEnabled { get; set; }
    public bool? AtRestEncryptionEnabled { get; set; }
    public string ARN { get; set; }
    public bool? ReplicationGroupLogDeliveryEnabled { get; set; }
    public List<LogDeliveryConfiguration> LogDeliveryConfigurations { get; set; }
    public NetworkType NetworkType { get; set; }
    public IpDiscovery IpDiscovery { get; set; }
    public TransitEncryptionMode TransitEncryptionMode { get; set; }
}

public partial class CacheNode
{
    public string CacheNodeId { get; set; }
    public string CacheNodeStatus { get; set; }
    public DateTime? CacheNodeCreateTime { get; set; }
    public Endpoint Endpoint { get; set; }
    public string ParameterGroupStatus { get; set; }
    public string SourceCacheNodeId { get; set; }
    public string CustomerAvailabilityZone { get; set; }
    public string CustomerOutpostArn { get; set; }
}

public partial class CacheNodeTypeSpecificParameter
{
    public string ParameterName { get; set; }
    public string Description { get; set; }
    public string Source { get; set; }
    public string DataType { get; set; }
    public string AllowedValues { get; set; }
    public bool? IsModifiable { get; set; }
    public string MinimumEngineVersion { get; set; }
    public List<CacheNodeTypeSpecificValue> CacheNodeTypeSpecificValues { get; set; }
    public ChangeType ChangeType { get; set; }
}

public partial class CacheNodeTypeSpecificValue
{
    public string CacheNodeType { get; set; }
    public string Value { get; set; }
}

public partial class CacheParameterGroup
{
    public string CacheParameterGroupName { get; set; }
    public string CacheParameterGroupFamily { get; set; }
    public string Description { get; set; }
    public bool? IsGlobal { get; set; }
    public string ARN { get; set; }
}

public partial class CacheParameterGroupStatus
{
    public string CacheParameterGroupName { get; set; }
    public string ParameterApplyStatus { get; set; }
    public List<string> CacheNodeIdsToReboot { get; set; }
}

public partial class CacheSecurityGroupMembership
{
    public string CacheSecurityGroupName { get; set; }
    public string Status { get; set; }
}

public partial class CacheSubnetGroup
{
    public string CacheSubnetGroupName { get; set; }
    public string CacheSubnetGroupDescription { get; set; }
    public string VpcId { get; set; }
    public List<Subnet> Subnets { get; set; }
    public string ARN { get; set; }
    public List<string> SupportedNetworkTypes { get; set; }
}

public partial class CloudWatchLogsDestinationDetails
{
    public string LogGroup { get; set; }
}

public partial class DestinationDetails
{
    public CloudWatchLogsDestinationDetails CloudWatchLogsDetails { get; set; }
    public KinesisFirehoseDestinationDetails KinesisFirehoseDetails { get; set; }
}

public partial class Endpoint
{
    public string Address { get; set; }
    public int? Port { get; set; }
}

public partial class KinesisFirehoseDestinationDetails
{
    public string DeliveryStream { get; set; }
}

public partial class LogDeliveryConfiguration
{
    public LogType LogType { get; set; }
    public DestinationType DestinationType { get; set; }
    public DestinationDetails DestinationDetails { get; set; }
    public LogFormat LogFormat { get; set; }
    public LogDeliveryConfigurationStatus Status { get; set; }
    public string Message { get; set; }
}

public partial class LogDeliveryConfigurationRequest
{
    public LogType LogType { get; set; }
    public DestinationType DestinationType { get; set; }
    public DestinationDetails DestinationDetails { get; set; }
    public LogFormat LogFormat { get; set; }
    public bool? Enabled { get; set; }
}

public partial class NotificationConfiguration
{
    public string TopicArn { get; set; }
    public string TopicStatus { get; set; }
}

public partial class Parameter
{
    public string ParameterName { get; set; }
    public string ParameterValue { get; set; }
    public string Description { get; set; }
    public string Source { get; set; }
    public string DataType { get; set; }
    public string AllowedValues { get; set; }
    public bool? IsModifiable { get; set; }
    public string MinimumEngineVersion { get; set; }
    public ChangeType ChangeType { get; set; }
}

public partial class ParameterNameValue
{
    public string ParameterName { get; set; }
    public string ParameterValue { get; set; }
}

public partial class PendingLogDeliveryConfiguration
{
    public LogType LogType { get; set; }
    public DestinationType DestinationType { get; set; }
    public DestinationDetails DestinationDetails { get; set; }
    public LogFormat LogFormat { get; set; }
}

public partial class PendingModifiedValues
{
    public int? NumCacheNodes { get; set; }
    public List<string> CacheNodeIdsToRemove { get; set; }
    public string EngineVersion { get; set; }
    public string CacheNodeType { get; set; }
    public AuthTokenUpdateStatus AuthTokenStatus { get; set; }
    public List<PendingLogDeliveryConfiguration> LogDeliveryConfigurations { get; set; }
    public bool? TransitEncryptionEnabled { get; set; }
    public TransitEncryptionMode TransitEncryptionMode { get; set; }
    public ScaleConfig ScaleConfig { get; set; }
}

public partial class ScaleConfig
{
    public int? ScalePercentage { get; set; }
    public int? ScaleIntervalMinutes { get; set; }
}

public partial class SecurityGroupMembership
{
    public string SecurityGroupId { get; set; }
    public string Status { get; set; }
}

public partial class Subnet
{
    public string SubnetIdentifier { get; set; }
    public AvailabilityZone SubnetAvailabilityZone { get; set; }
    public SubnetOutpost SubnetOutpost { get; set; }
    public List<string> SupportedNetworkTypes { get; set; }
}

public partial class SubnetOutpost
{
    public string SubnetOutpostArn { get; set; }
}

public partial class Tag
{
    public string Key { get; set; }
    public string Value { get; set; }
}
