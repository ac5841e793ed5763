// Written by src/StandIns/generate.py: don't edit.
// As the official classes, these say nothing about the nullability of references.
#nullable disable
using Amazon.Runtime;

namespace Amazon.RDS.Model;

public partial class AddTagsToResourceRequest : AmazonWebServiceRequest
{
    public string ResourceName { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class AddTagsToResourceResponse : AmazonWebServiceResponse
{

}

public partial class CreateDBInstanceRequest : AmazonWebServiceRequest
{
    public string DBName { get; set; }
    public string DBInstanceIdentifier { get; set; }
    public int? AllocatedStorage { get; set; }
    public string DBInstanceClass { get; set; }
    public string Engine { get; set; }
    public string MasterUsername { get; set; }
    public string MasterUserPassword { get; set; }
    public List<string> DBSecurityGroups { get; set; }
    public List<string> VpcSecurityGroupIds { get; set; }
    public string AvailabilityZone { get; set; }
    public string DBSubnetGroupName { get; set; }
    public string PreferredMaintenanceWindow { get; set; }
    public string DBParameterGroupName { get; set; }
    public int? BackupRetentionPeriod { get; set; }
    public string PreferredBackupWindow { get; set; }
    public int? Port { get; set; }
    public bool? MultiAZ { get; set; }
    public string EngineVersion { get; set; }
    public bool? AutoMinorVersionUpgrade { get; set; }
    public string LicenseModel { get; set; }
    public int? Iops { get; set; }
    public int? StorageThroughput { get; set; }
    public string OptionGroupName { get; set; }
    public string CharacterSetName { get; set; }
    public string NcharCharacterSetName { get; set; }
    public bool? PubliclyAccessible { get; set; }
    public List<Tag> Tags { get; set; }
    public string DBClusterIdentifier { get; set; }
    public string StorageType { get; set; }
    public string TdeCredentialArn { get; set; }
    public string TdeCredentialPassword { get; set; }
    public bool? StorageEncrypted { get; set; }
    public string KmsKeyId { get; set; }
    public string Domain { get; set; }
    public string DomainFqdn { get; set; }
    public string DomainOu { get; set; }
    public string DomainAuthSecretArn { get; set; }
    public List<string> DomainDnsIps { get; set; }
    public bool? CopyTagsToSnapshot { get; set; }
    public int? MonitoringInterval { get; set; }
    public string MonitoringRoleArn { get; set; }
    public string DomainIAMRoleName { get; set; }
    public int? PromotionTier { get; set; }
    public string Timezone { get; set; }
    public bool? EnableIAMDatabaseAuthentication { get; set; }
    public DatabaseInsightsMode DatabaseInsightsMode { get; set; }
    public bool? EnablePerformanceInsights { get; set; }
    public string PerformanceInsightsKMSKeyId { get; set; }
    public int? PerformanceInsightsRetentionPeriod { get; set; }
    public List<string> EnableCloudwatchLogsExports { get; set; }
    public List<ProcessorFeature> ProcessorFeatures { get; set; }
    public bool? DeletionProtection { get; set; }
    public int? MaxAllocatedStorage { get; set; }
    public bool? EnableCustomerOwnedIp { get; set; }
    public string NetworkType { get; set; }
    public string BackupTarget { get; set; }
    public string CustomIamInstanceProfile { get; set; }
    public string DBSystemId { get; set; }
    public string CACertificateIdentifier { get; set; }
    public bool? ManageMasterUserPassword { get; set; }
    public string MasterUserSecretKmsKeyId { get; set; }
    public bool? MultiTenant { get; set; }
    public bool? DedicatedLogVolume { get; set; }
    public string EngineLifecycleSupport { get; set; }
    public List<AdditionalStorageVolume> AdditionalStorageVolumes { get; set; }
    public List<TagSpecification> TagSpecifications { get; set; }
    public MasterUserAuthenticationType MasterUserAuthenticationType { get; set; }
}

public partial class CreateDBInstanceResponse : AmazonWebServiceResponse
{
    public DBInstance DBInstance { get; set; }
}

public partial class CreateDBSnapshotRequest : AmazonWebServiceRequest
{
    public string DBSnapshotIdentifier { get; set; }
    public string DBInstanceIdentifier { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class CreateDBSnapshotResponse : AmazonWebServiceResponse
{
    public DBSnapshot DBSnapshot { get; set; }
}

public partial class CreateDBSubnetGroupRequest : AmazonWebServiceRequest
{
    public string DBSubnetGroupName { get; set; }
    public string DBSubnetGroupDescription { get; set; }
    public List<string> SubnetIds { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class CreateDBSubnetGroupResponse : AmazonWebServiceResponse
{
    public DBSubnetGroup DBSubnetGroup { get; set; }
}

public partial class DeleteDBInstanceRequest : AmazonWebServiceRequest
{
    public string DBInstanceIdentifier { get; set; }
    public bool? SkipFinalSnapshot { get; set; }
    public string FinalDBSnapshotIdentifier { get; set; }
    public bool? DeleteAutomatedBackups { get; set; }
}

public partial class DeleteDBInstanceResponse : AmazonWebServiceResponse
{
    public DBInstance DBInstance { get; set; }
}

public partial class DeleteDBSnapshotRequest : AmazonWebServiceRequest
{
    public string DBSnapshotIdentifier { get; set; }
}

public partial class DeleteDBSnapshotResponse : AmazonWebServiceResponse
{
    public DBSnapshot DBSnapshot { get; set; }
}

public partial class DeleteDBSubnetGroupRequest : AmazonWebServiceRequest
{
    public string DBSubnetGroupName { get; set; }
}

public partial class DeleteDBSubnetGroupResponse : AmazonWebServiceResponse
{

}

public partial class DescribeAccountAttributesRequest : AmazonWebServiceRequest
{

}

public partial class DescribeAccountAttributesResponse : AmazonWebServiceResponse
{
    public List<AccountQuota> AccountQuotas { get; set; }
}

public partial class DescribeDBInstancesRequest : AmazonWebServiceRequest
{
    public string DBInstanceIdentifier { get; set; }
    public List<Filter> Filters { get; set; }
    public int? MaxRecords { get; set; }
    public string Marker { get; set; }
}

public partial class DescribeDBInstancesResponse : AmazonWebServiceResponse
{
    public string Marker { get; set; }
    public List<DBInstance> DBInstances { get; set; }
}

public partial class DescribeDBSnapshotsRequest : AmazonWebServiceRequest
{
    public string DBInstanceIdentifier { get; set; }
    public string DBSnapshotIdentifier { get; set; }
    public string SnapshotType { get; set; }
    public List<Filter> Filters { get; set; }
    public int? MaxRecords { get; set; }
    public string Marker { get; set; }
    public bool? IncludeShared { get; set; }
    public bool? IncludePublic { get; set; }
    public string DbiResourceId { get; set; }
}

public partial class DescribeDBSnapshotsResponse : AmazonWebServiceResponse
{
    public string Marker { get; set; }
    public List<DBSnapshot> DBSnapshots { get; set; }
}

public partial class DescribeDBSubnetGroupsRequest : AmazonWebServiceRequest
{
    public string DBSubnetGroupName { get; set; }
    public List<Filter> Filters { get; set; }
    public int? MaxRecords { get; set; }
    public string Marker { get; set; }
}

public partial class DescribeDBSubnetGroupsResponse : AmazonWebServiceResponse
{
    public string Marker { get; set; }
    public List<DBSubnetGroup> DBSubnetGroups { get; set; }
}

public partial class DescribeOrderableDBInstanceOptionsRequest : AmazonWebServiceRequest
{
    public string Engine { get; set; }
    public string EngineVersion { get; set; }
    public string DBInstanceClass { get; set; }
    public string LicenseModel { get; set; }
    public string AvailabilityZoneGroup { get; set; }
    public bool? Vpc { get; set; }
    public List<Filter> Filters { get; set; }
    public int? MaxRecords { get; set; }
    public string Marker { get; set; }
}

public partial class DescribeOrderableDBInstanceOptionsResponse : AmazonWebServiceResponse
{
    public List<OrderableDBInstanceOption> OrderableDBInstanceOptions { get; set; }
    public string Marker { get; set; }
}

public partial class ListTagsForResourceRequest : AmazonWebServiceRequest
{
    public string ResourceName { get; set; }
    public List<Filter> Filters { get; set; }
}

public partial class ListTagsForResourceResponse : AmazonWebServiceResponse
{
    public List<Tag> TagList { get; set; }
}

public partial class ModifyDBInstanceRequest : AmazonWebServiceRequest
{
    public string DBInstanceIdentifier { get; set; }
    public int? AllocatedStorage { get; set; }
    public string DBInstanceClass { get; set; }
    public string DBSubnetGroupName { get; set; }
    public List<string> DBSecurityGroups { get; set; }
    public List<string> VpcSecurityGroupIds { get; set; }
    public bool? ApplyImmediately { get; set; }
    public string MasterUserPassword { get; set; }
    public string DBParameterGroupName { get; set; }
    public int? BackupRetentionPeriod { get; set; }
    public string PreferredBackupWindow { get; set; }
    public string PreferredMaintenanceWindow { get; set; }
    public bool? MultiAZ { get; set; }
    public string EngineVersion { get; set; }
    public bool? AllowMajorVersionUpgrade { get; set; }
    public bool? AutoMinorVersionUpgrade { get; set; }
    public string LicenseModel { get; set; }
    public int? Iops { get; set; }
    public int? StorageThroughput { get; set; }
    public string OptionGroupName { get; set; }
    public string NewDBInstanceIdentifier { get; set; }
    public string StorageType { get; set; }
    public string TdeCredentialArn { get; set; }
    public string TdeCredentialPassword { get; set; }
    public string CACertificateIdentifier { get; set; }
    public string Domain { get; set; }
    public string DomainFqdn { get; set; }
    public string DomainOu { get; set; }
    public string DomainAuthSecretArn { get; set; }
    public List<string> DomainDnsIps { get; set; }
    public bool? DisableDomain { get; set; }
    public bool? CopyTagsToSnapshot { get; set; }
    public int? MonitoringInterval { get; set; }
    public int? DBPortNumber { get; set; }
    public bool? PubliclyAccessible { get; set; }
    public string MonitoringRoleArn { get; set; }
    public string DomainIAMRoleName { get; set; }
    public int? PromotionTier { get; set; }
    public bool? EnableIAMDatabaseAuthentication { get; set; }
    public DatabaseInsightsMode DatabaseInsightsMode { get; set; }
    public bool? EnablePerformanceInsights { get; set; }
    public string PerformanceInsightsKMSKeyId { get; set; }
    public int? PerformanceInsightsRetentionPeriod { get; set; }
    public CloudwatchLogsExportConfiguration CloudwatchLogsExportConfiguration { get; set; }
    public List<ProcessorFeature> ProcessorFeatures { get; set; }
    public bool? UseDefaultProcessorFeatures { get; set; }
    public bool? DeletionProtection { get; set; }
    public int? MaxAllocatedStorage { get; set; }
    public bool? CertificateRotationRestart { get; set; }
    public ReplicaMode ReplicaMode { get; set; }
    public AutomationMode AutomationMode { get; set; }
    public int? ResumeFullAutomationModeMinutes { get; set; }
    public bool? EnableCustomerOwnedIp { get; set; }
    public string NetworkType { get; set; }
    public string AwsBackupRecoveryPointArn { get; set; }
    public bool? ManageMasterUserPassword { get; set; }
    public bool? RotateMasterUserPassword { get; set; }
    public string MasterUserSecretKmsKeyId { get; set; }
    public bool? MultiTenant { get; set; }
    public bool? DedicatedLogVolume { get; set; }
    public string Engine { get; set; }
    public List<ModifyAdditionalStorageVolume> AdditionalStorageVolumes { get; set; }
    public List<TagSpecification> TagSpecifications { get; set; }
    public MasterUserAuthenticationType MasterUserAuthenticationType { get; set; }
}

public partial class ModifyDBInstanceResponse : AmazonWebServiceResponse
{
    public DBInstance DBInstance { get; set; }
}

public partial class ModifyDBSubnetGroupRequest : AmazonWebServiceRequest
{
    public string DBSubnetGroupName { get; set; }
    public string DBSubnetGroupDescription { get; set; }
    public List<string> SubnetIds { get; set; }
}

public partial class ModifyDBSubnetGroupResponse : AmazonWebServiceResponse
{
    public DBSubnetGroup DBSubnetGroup { get; set; }
}

public partial class RebootDBInstanceRequest : AmazonWebServiceRequest
{
    public string DBInstanceIdentifier { get; set; }
    public bool? ForceFailover { get; set; }
}

public partial class RebootDBInstanceResponse : AmazonWebServiceResponse
{
    public DBInstance DBInstance { get; set; }
}

public partial class RemoveTagsFromResourceRequest : AmazonWebServiceRequest
{
    public string ResourceName { get; set; }
    public List<string> TagKeys { get; set; }
}

public partial class RemoveTagsFromResourceResponse : AmazonWebServiceResponse
{

}

public partial class AccountQuota
{
    public string AccountQuotaName { get; set; }
    public long? Used { get; set; }
    public long? Max { get; set; }
}

public partial class AdditionalStorageVolume
{
    public string VolumeName { get; set; }
    public int? AllocatedStorage { get; set; }
    public int? IOPS { get; set; }
    public int? MaxAllocatedStorage { get; set; }
    public int? StorageThroughput { get; set; }
    public string StorageType { get; set; }
}

public partial class AdditionalStorageVolumeOutput
{
    public string VolumeName { get; set; }
    public string StorageVolumeStatus { get; set; }
    public int? AllocatedStorage { get; set; }
    public int? IOPS { get; set; }
    public int? MaxAllocatedStorage { get; set; }
    public int? StorageThroughput { get; set; }
    public string StorageType { get; set; }
}

public partial class AvailabilityZone
{
    public string Name { get; set; }
}

public partial class AvailableAdditionalStorageVolumesOption
{
    public bool? SupportsStorageAutoscaling { get; set; }
    public bool? SupportsStorageThroughput { get; set; }
    public bool? SupportsIops { get; set; }
    public string StorageType { get; set; }
    public int? MinStorageSize { get; set; }
    public int? MaxStorageSize { get; set; }
    public int? MinIops { get; set; }
    public int? MaxIops { get; set; }
    public double? MinIopsPerGib { get; set; }
    public double? MaxIopsPerGib { get; set; }
    public int? MinStorageThroughput { get; set; }
    public int? MaxStorageThroughput { get; set; }
}

public partial class AvailableProcessorFeature
{
    public string Name { get; set; }
    public string DefaultValue { get; set; }
    public string AllowedValues { get; set; }
}

public partial class CertificateDetails
{
    public string CAIdentifier { get; set; }
    public DateTime? ValidTill { get; set; }
}

public partial class CloudwatchLogsExportConfiguration
{
    public List<string> EnableLogTypes { get; set; }
    public List<string> DisableLogTypes { get; set; }
}

public partial class DBInstance
{
    public string DBInstanceIdentifier { get; set; }
    public string DBInstanceClass { get; set; }
    public string Engine { get; set; }
    public string DBInstanceStatus { get; set; }
    public string MasterUsername { get; set; }
    public string DBName { get; set; }
    public Endpoint Endpoint { get; set; }
    public int? AllocatedStorage { get; set; }
    public DateTime? InstanceCreateTime { get; set; }
    public string PreferredBackupWindow { get; set; }
    public int? BackupRetentionPeriod { get; set; }
    public List<DBSecurityGroupMembership> DBSecurityGroups { get; set; }
    public List<VpcSecurityGroupMembership> VpcSecurityGroups { get; set; }
    public List<DBParameterGroupStatus> DBParameterGroups { get; set; }
    public string AvailabilityZone { get; set; }
    public DBSubnetGroup DBSubnetGroup { get; set; }
    public string PreferredMaintenanceWindow { get; set; }
    public UpgradeRolloutOrder UpgradeRolloutOrder { get; set; }
    public PendingModifiedValues PendingModifiedValues { get; set; }
    public DateTime? LatestRestorableTime { get; set; }
    public bool? MultiAZ { get; set; }
    public string EngineVersion { get; set; }
    public bool? AutoMinorVersionUpgrade { get; set; }
    public string ReadReplicaSourceDBInstanceIdentifier { get; set; }
    public List<string> ReadReplicaDBInstanceIdentifiers { get; set; }
    public List<string> ReadReplicaDBClusterIdentifiers { get; set; }
    public ReplicaMode ReplicaMode { get; set; }
    public string LicenseModel { get; set; }
    public int? Iops { get; set; }
    public int? StorageThroughput { get; set; }
    public List<OptionGroupMembership> OptionGroupMemberships { get; set; }
    public string CharacterSetName { get; set; }
    public string NcharCharacterSetName { get; set; }
    public string SecondaryAvailabilityZone { get; set; }
    public bool? PubliclyAccessible { get; set; }
    public List<DBInstanceStatusInfo> StatusInfos { get; set; }
    public string StorageType { get; set; }
    public StorageEncryptionType StorageEncryptionType { get; set; }
    public string TdeCredentialArn { get; set; }
    public int? DbInstancePort { get; set; }
    public string DBClusterIdentifier { get; set; }
    public bool? StorageEncrypted { get; set; }
    public string KmsKeyId { get; set; }
    public string DbiResourceId { get; set; }
    public string CACertificateIdentifier { get; set; }
    public List<DomainMembership> DomainMemberships { get; set; }
    public bool? CopyTagsToSnapshot { get; set; }
    public int? MonitoringInterval { get; set; }
    public string EnhancedMonitoringResourceArn { get; set; }
    public string MonitoringRoleArn { get; set; }
    public int? PromotionTier { get; set; }
    public string DBInstanceArn { get; set; }
    public string Timezone { get; set; }
    public bool? IAMDatabaseAuthenticationEnabled { get; set; }
    public DatabaseInsightsMode DatabaseInsightsMode { get; set; }
    public bool? PerformanceInsightsEnabled { get; set; }
    public string PerformanceInsightsKMSKeyId { get; set; }
    public int? PerformanceInsightsRetentionPeriod { get; set; }
    public List<string> EnabledCloudwatchLogsExports { get; set; }
    public List<ProcessorFeature> ProcessorFeatures { get; set; }
    public bool? DeletionProtection { get; set; }
    public List<DBInstanceRole> AssociatedRoles { get; set; }
    public Endpoint ListenerEndpoint { get; set; }
    public int? MaxAllocatedStorage { get; set; }
    public List<Tag> TagList { get; set; }
    public AutomationMode AutomationMode { get; set; }
    public DateTime? ResumeFullAutomationModeTime { get; set; }
    public bool? CustomerOwnedIpEnabled { get; set; }
    public string NetworkType { get; set; }
    public ActivityStreamStatus ActivityStreamStatus { get; set; }
    public string ActivityStreamKmsKeyId { get; set; }
    public string ActivityStreamKinesisStreamName { get; set; }
    public ActivityStreamMode ActivityStreamMode { get; set; }
    public bool? ActivityStreamEngineNativeAuditFieldsIncluded { get; set; }
    public string AwsBackupRecoveryPointArn { get; set; }
    public List<DBInstanceAutomatedBackupsReplication> DBInstanceAutomatedBackupsReplications { get; set; }
    public string BackupTarget { get; set; }
    public DateTime? AutomaticRestartTime { get; set; }
    public string CustomIamInstanceProfile { get; set; }
    public ActivityStreamPolicyStatus ActivityStreamPolicyStatus { get; set; }
    public CertificateDetails CertificateDetails { get; set; }
    public string DBSystemId { get; set; }
    public MasterUserSecret MasterUserSecret { get; set; }
    public string ReadReplicaSourceDBClusterIdentifier { get; set; }
    public string PercentProgress { get; set; }
    public bool? MultiTenant { get; set; }
    public bool? DedicatedLogVolume { get; set; }
    public bool? IsStorageConfigUpgradeAvailable { get; set; }
    public string EngineLifecycleSupport { get; set; }
    public List<AdditionalStorageVolumeOutput> AdditionalStorageVolumes { get; set; }
    public string StorageVolumeStatus { get; set; }
}

public partial class DBInstanceAutomatedBackupsReplication
{
    public string DBInstanceAutomatedBackupsArn { get; set; }
}

public partial class DBInstanceRole
{
    public string RoleArn { get; set; }
    public string FeatureName { get; set; }
    public string Status { get; set; }
}

public partial class DBInstanceStatusInfo
{
    public string StatusType { get; set; }
    public bool? Normal { get; set; }
    public string Status { get; set; }
    public string Message { get; set; }
}

public partial class DBParameterGroupStatus
{
    public string DBParameterGroupName { get; set; }
    public string ParameterApplyStatus { get; set; }
}

public partial class DBSecurityGroupMembership
{
    public string DBSecurityGroupName { get; set; }
    public string Status { get; set; }
}

public partial class DBSnapshot
{
    public string DBSnapshotIdentifier { get; set; }
    public string DBInstanceIdentifier { get; set; }
    public DateTime? SnapshotCreateTime { get; set; }
    public string Engine { get; set; }
    public int? AllocatedStorage { get; set; }
    public string Status { get; set; }
    public int? Port { get; set; }
    public string AvailabilityZone { get; set; }
    public string VpcId { get; set; }
    public DateTime? InstanceCreateTime { get; set; }
    public string MasterUsername { get; set; }
    public string EngineVersion { get; set; }
    public string LicenseModel { get; set; }
    public string SnapshotType { get; set; }
    public int? Iops { get; set; }
    public int? StorageThroughput { get; set; }
    public string OptionGroupName { get; set; }
    public int? PercentProgress { get; set; }
    public string SourceRegion { get; set; }
    public string SourceDBSnapshotIdentifier { get; set; }
    public string StorageType { get; set; }
    public string TdeCredentialArn { get; set; }
    public bool? Encrypted { get; set; }
    public StorageEncryptionType StorageEncryptionType { get; set; }
    public int? BackupRetentionPeriod { get; set; }
    public string PreferredBackupWindow { get; set; }
    public string KmsKeyId { get; set; }
    public string DBSnapshotArn { get; set; }
    public string Timezone { get; set; }
    public bool? IAMDatabaseAuthenticationEnabled { get; set; }
    public List<ProcessorFeature> ProcessorFeatures { get; set; }
    public string DbiResourceId { get; set; }
    public List<Tag> TagList { get; set; }
    public string SnapshotTarget { get; set; }
    public DateTime? OriginalSnapshotCreateTime { get; set; }
    public DateTime? SnapshotDatabaseTime { get; set; }
    public string DBSystemId { get; set; }
    public bool? MultiTenant { get; set; }
    public bool? DedicatedLogVolume { get; set; }
    public List<AdditionalStorageVolume> AdditionalStorageVolumes { get; set; }
    public string SnapshotAvailabilityZone { get; set; }
}

public partial class DBSubnetGroup
{
    public string DBSubnetGroupName { get; set; }
    public string DBSubnetGroupDescription { get; set; }
    public string VpcId { get; set; }
    public string SubnetGroupStatus { get; set; }
    public List<Subnet> Subnets { get; set; }
    public string DBSubnetGroupArn { get; set; }
    public List<string> SupportedNetworkTypes { get; set; }
}

public partial class DomainMembership
{
    public string Domain { get; set; }
    public string Status { get; set; }
    public string FQDN { get; set; }
    public string IAMRoleName { get; set; }
    public string OU { get; set; }
    public string AuthSecretArn { get; set; }
    public List<string> DnsIps { get; set; }
}

public partial class Endpoint
{
    public string Address { get; set; }
    public int? Port { get; set; }
    public string HostedZoneId { get; set; }
}

public partial class Filter
{
    public string Name { get; set; }
    public List<string> Values { get; set; }
}

public partial class MasterUserSecret
{
    public string SecretArn { get; set; }
    public string SecretStatus { get; set; }
    public string KmsKeyId { get; set; }
}

public partial class ModifyAdditionalStorageVolume
{
    public string VolumeName { get; set; }
    public int? AllocatedStorage { get; set; }
    public int? IOPS { get; set; }
    public int? MaxAllocatedStorage { get; set; }
    public int? StorageThroughput { get; set; }
    public string StorageType { get; set; }
    public bool? SetForDelete { get; set; }
}

public partial class OptionGroupMembership
{
    public string OptionGroupName { get; set; }
    public string Status { get; set; }
}

public partial class OrderableDBInstanceOption
{
    public string Engine { get; set; }
    public string EngineVersion { get; set; }
    public string DBInstanceClass { get; set; }
    public string LicenseModel { get; set; }
    public string AvailabilityZoneGroup { get; set; }
    public List<AvailabilityZone> AvailabilityZones { get; set; }
    public bool? MultiAZCapable { get; set; }
    public bool? ReadReplicaCapable { get; set; }
    public bool? Vpc { get; set; }
    public bool? SupportsStorageEncryption { get; set; }
    public string StorageType { get; set; }
    public bool? SupportsIops { get; set; }
    public bool? SupportsStorageThroughput { get; set; }
    public bool? SupportsEnhancedMonitoring { get; set; }
    public bool? SupportsIAMDatabaseAuthentication { get; set; }
    public bool? SupportsPerformanceInsights { get; set; }
    public int? MinStorageSize { get; set; }
    public int? MaxStorageSize { get; set; }
    public int? MinIopsPerDbInstance { get; set; }
    public int? MaxIopsPerDbInstance { get; set; }
    public double? MinIopsPerGib { get; set; }
    public double? MaxIopsPerGib { get; set; }
    public int? MinStorageThroughputPerDbInstance { get; set; }
    public int? MaxStorageThroughputPerDbInstance { get; set; }
    public double? MinStorageThroughputPerIops { get; set; }
    public double? MaxStorageThroughputPerIops { get; set; }
    public List<AvailableProcessorFeature> AvailableProcessorFeatures { get; set; }
    public List<string> SupportedEngineModes { get; set; }
    public bool? SupportsStorageAutoscaling { get; set; }
    public bool? SupportsKerberosAuthentication { get; set; }
    public bool? OutpostCapable { get; set; }
    public List<string> SupportedActivityStreamModes { get; set; }
    public bool? SupportsGlobalDatabases { get; set; }
    public List<string> SupportedNetworkTypes { get; set; }
    public bool? SupportsClusters { get; set; }
    public bool? SupportsDedicatedLogVolume { get; set; }
    public bool? SupportsAdditionalStorageVolumes { get; set; }
    public bool? SupportsHttpEndpoint { get; set; }
    public List<AvailableAdditionalStorageVolumesOption> AvailableAdditionalStorageVolumesOptions { get; set; }
}

public partial class Outpost
{
    public string Arn { get; set; }
}

public partial class PendingCloudwatchLogsExports
{
    public List<string> LogTypesToEnable { get; set; }
    public List<string> LogTypesToDisable { get; set; }
}

public partial class PendingModifiedValues
{
    public string DBInstanceClass { get; set; }
    public int? AllocatedStorage { get; set; }
    public string MasterUserPassword { get; set; }
    public int? Port { get; set; }
    public int? BackupRetentionPeriod { get; set; }
    public bool? MultiAZ { get; set; }
    public string EngineVersion { get; set; }
    public string LicenseModel { get; set; }
    public int? Iops { get; set; }
    public int? StorageThroughput { get; set; }
    public string DBInstanceIdentifier { get; set; }
    public string StorageType { get; set; }
    public string CACertificateIdentifier { get; set; }
    public string DBSubnetGroupName { get; set; }
    public PendingCloudwatchLogsExports PendingCloudwatchLogsExports { get; set; }
    public List<ProcessorFeature> ProcessorFeatures { get; set; }
    public AutomationMode AutomationMode { get; set; }
    public DateTime? ResumeFullAutomationModeTime { get; set; }
    public bool? MultiTenant { get; set; }
    public bool? IAMDatabaseAuthenticationEnabled { get; set; }
    public bool? DedicatedLogVolume { get; set; }
    public string Engine { get; set; }
    public List<AdditionalStorageVolume> AdditionalStorageVolumes { get; set; }
}

public partial class ProcessorFeature
{
    public string Name { get; set; }
    public string Value { get; set; }
}

public partial class Subnet
{
    public string SubnetIdentifier { get; set; }
    public AvailabilityZone SubnetAvailabilityZone { get; set; }
    public Outpost SubnetOutpost { get; set; }
    public string SubnetStatus { get; set; }
}

public partial class Tag
{
    public string Key { get; set; }
    public string Value { get; set; }
}

public partial class TagSpecification
{
    public string ResourceType { get; set; }
    public List<Tag> Tags { get; set; }
}

public partial class VpcSecurityGroupMembership
{
    public string VpcSecurityGroupId { get; set; }
    public string Status { get; set; }
}
