// Written by src/StandIns/generate.py: don't edit.
// As the official classes, these say nothing about the nullability of references.
#nullable disable
using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.RDS.Model;
using SyncStorage.StandIns.Query;

namespace Amazon.RDS;

public interface IAmazonRDS : IAmazonService, IDisposable
{
    Task<AddTagsToResourceResponse> AddTagsToResourceAsync(AddTagsToResourceRequest request, CancellationToken cancellationToken = default);
    Task<CreateDBInstanceResponse> CreateDBInstanceAsync(CreateDBInstanceRequest request, CancellationToken cancellationToken = default);
    Task<CreateDBSnapshotResponse> CreateDBSnapshotAsync(CreateDBSnapshotRequest request, CancellationToken cancellationToken = default);
    Task<CreateDBSubnetGroupResponse> CreateDBSubnetGroupAsync(CreateDBSubnetGroupRequest request, CancellationToken cancellationToken = default);
    Task<DeleteDBInstanceResponse> DeleteDBInstanceAsync(DeleteDBInstanceRequest request, CancellationToken cancellationToken = default);
    Task<DeleteDBSnapshotResponse> DeleteDBSnapshotAsync(DeleteDBSnapshotRequest request, CancellationToken cancellationToken = default);
    Task<DeleteDBSubnetGroupResponse> DeleteDBSubnetGroupAsync(DeleteDBSubnetGroupRequest request, CancellationToken cancellationToken = default);
    Task<DescribeAccountAttributesResponse> DescribeAccountAttributesAsync(DescribeAccountAttributesRequest request, CancellationToken cancellationToken = default);
    Task<DescribeDBInstancesResponse> DescribeDBInstancesAsync(DescribeDBInstancesRequest request, CancellationToken cancellationToken = default);
    Task<DescribeDBSnapshotsResponse> DescribeDBSnapshotsAsync(DescribeDBSnapshotsRequest request, CancellationToken cancellationToken = default);
    Task<DescribeDBSubnetGroupsResponse> DescribeDBSubnetGroupsAsync(DescribeDBSubnetGroupsRequest request, CancellationToken cancellationToken = default);
    Task<DescribeOrderableDBInstanceOptionsResponse> DescribeOrderableDBInstanceOptionsAsync(DescribeOrderableDBInstanceOptionsRequest request, CancellationToken cancellationToken = default);
    Task<ListTagsForResourceResponse> ListTagsForResourceAsync(ListTagsForResourceRequest request, CancellationToken cancellationToken = default);
    Task<ModifyDBInstanceResponse> ModifyDBInstanceAsync(ModifyDBInstanceRequest request, CancellationToken cancellationToken = default);
    Task<ModifyDBSubnetGroupResponse> ModifyDBSubnetGroupAsync(ModifyDBSubnetGroupRequest request, CancellationToken cancellationToken = default);
    Task<RebootDBInstanceResponse> RebootDBInstanceAsync(RebootDBInstanceRequest request, CancellationToken cancellationToken = default);
    Task<RemoveTagsFromResourceResponse> RemoveTagsFromResourceAsync(RemoveTagsFromResourceRequest request, CancellationToken cancellationToken = default);
}

public class AmazonRDSConfig() : QueryClientConfig(AmazonRDSClient.Service.Model);

public class AmazonRDSException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
    : AmazonServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

public partial class AmazonRDSClient : QueryClient, IAmazonRDS
{
    internal static readonly QueryService Service = new("rds", "AmazonRDS", (message, inner, type, code, requestId, status) =>
        new AmazonRDSException(message, inner, type, code, requestId, status));

    public AmazonRDSClient() : base(Service, new AmazonRDSConfig())
    {
    }

    public AmazonRDSClient(AmazonRDSConfig config) : base(Service, config)
    {
    }

    public AmazonRDSClient(RegionEndpoint region) : base(Service, new AmazonRDSConfig { RegionEndpoint = region })
    {
    }

    public AmazonRDSClient(AWSCredentials credentials) : base(Service, credentials, new AmazonRDSConfig())
    {
    }

    public AmazonRDSClient(AWSCredentials credentials, RegionEndpoint region) : base(Service, credentials, new AmazonRDSConfig { RegionEndpoint = region })
    {
    }

    public AmazonRDSClient(AWSCredentials credentials, AmazonRDSConfig clientConfig) : base(Service, credentials, clientConfig)
    {
    }

    public virtual Task<AddTagsToResourceResponse> AddTagsToResourceAsync(AddTagsToResourceRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<AddTagsToResourceResponse>(request, cancellationToken);

    public virtual Task<CreateDBInstanceResponse> CreateDBInstanceAsync(CreateDBInstanceRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateDBInstanceResponse>(request, cancellationToken);

    public virtual Task<CreateDBSnapshotResponse> CreateDBSnapshotAsync(CreateDBSnapshotRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateDBSnapshotResponse>(request, cancellationToken);

    public virtual Task<CreateDBSubnetGroupResponse> CreateDBSubnetGroupAsync(CreateDBSubnetGroupRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateDBSubnetGroupResponse>(request, cancellationToken);

    public virtual Task<DeleteDBInstanceResponse> DeleteDBInstanceAsync(DeleteDBInstanceRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteDBInstanceResponse>(request, cancellationToken);

    public virtual Task<DeleteDBSnapshotResponse> DeleteDBSnapshotAsync(DeleteDBSnapshotRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteDBSnapshotResponse>(request, cancellationToken);

    public virtual Task<DeleteDBSubnetGroupResponse> DeleteDBSubnetGroupAsync(DeleteDBSubnetGroupRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DeleteDBSubnetGroupResponse>(request, cancellationToken);

    public virtual Task<DescribeAccountAttributesResponse> DescribeAccountAttributesAsync(DescribeAccountAttributesRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeAccountAttributesResponse>(request, cancellationToken);

    public virtual Task<DescribeDBInstancesResponse> DescribeDBInstancesAsync(DescribeDBInstancesRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeDBInstancesResponse>(request, cancellationToken);

    public virtual Task<DescribeDBSnapshotsResponse> DescribeDBSnapshotsAsync(DescribeDBSnapshotsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeDBSnapshotsResponse>(request, cancellationToken);

    public virtual Task<DescribeDBSubnetGroupsResponse> DescribeDBSubnetGroupsAsync(DescribeDBSubnetGroupsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeDBSubnetGroupsResponse>(request, cancellationToken);

    public virtual Task<DescribeOrderableDBInstanceOptionsResponse> DescribeOrderableDBInstanceOptionsAsync(DescribeOrderableDBInstanceOptionsRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<DescribeOrderableDBInstanceOptionsResponse>(request, cancellationToken);

    public virtual Task<ListTagsForResourceResponse> ListTagsForResourceAsync(ListTagsForResourceRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ListTagsForResourceResponse>(request, cancellationToken);

    public virtual Task<ModifyDBInstanceResponse> ModifyDBInstanceAsync(ModifyDBInstanceRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ModifyDBInstanceResponse>(request, cancellationToken);

    public virtual Task<ModifyDBSubnetGroupResponse> ModifyDBSubnetGroupAsync(ModifyDBSubnetGroupRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<ModifyDBSubnetGroupResponse>(request, cancellationToken);

    public virtual Task<RebootDBInstanceResponse> RebootDBInstanceAsync(RebootDBInstanceRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<RebootDBInstanceResponse>(request, cancellationToken);

    public virtual Task<RemoveTagsFromResourceResponse> RemoveTagsFromResourceAsync(RemoveTagsFromResourceRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<RemoveTagsFromResourceResponse>(request, cancellationToken);

    static ClientConfig IAmazonService.CreateDefaultClientConfig() => new AmazonRDSConfig();

    static IAmazonService IAmazonService.CreateDefaultServiceClient(AWSCredentials awsCredentials, ClientConfig clientConfig) =>
        new AmazonRDSClient(awsCredentials, (AmazonRDSConfig)clientConfig);
}

public sealed class ActivityStreamMode(string value) : ConstantClass(value)
{
    public static readonly ActivityStreamMode Sync = new("sync");
    public static readonly ActivityStreamMode Async = new("async");

    public static ActivityStreamMode FindValue(string value) => FindValue<ActivityStreamMode>(value);

    public static implicit operator ActivityStreamMode(string value) => FindValue(value);
}

public sealed class ActivityStreamPolicyStatus(string value) : ConstantClass(value)
{
    public static readonly ActivityStreamPolicyStatus Locked = new("locked");
    public static readonly ActivityStreamPolicyStatus Unlocked = new("unlocked");
    public static readonly ActivityStreamPolicyStatus LockingPolicy = new("locking-policy");
    public static readonly ActivityStreamPolicyStatus UnlockingPolicy = new("unlocking-policy");

    public static ActivityStreamPolicyStatus FindValue(string value) => FindValue<ActivityStreamPolicyStatus>(value);

    public static implicit operator ActivityStreamPolicyStatus(string value) => FindValue(value);
}

public sealed class ActivityStreamStatus(string value) : ConstantClass(value)
{
    public static readonly ActivityStreamStatus Stopped = new("stopped");
    public static readonly ActivityStreamStatus Starting = new("starting");
    public static readonly ActivityStreamStatus Started = new("started");
    public static readonly ActivityStreamStatus Stopping = new("stopping");

    public static ActivityStreamStatus FindValue(string value) => FindValue<ActivityStreamStatus>(value);

    public static implicit operator ActivityStreamStatus(string value) => FindValue(value);
}

public sealed class AutomationMode(string value) : ConstantClass(value)
{
    public static readonly AutomationMode Full = new("full");
    public static readonly AutomationMode AllPaused = new("all-paused");

    public static AutomationMode FindValue(string value) => FindValue<AutomationMode>(value);

    public static implicit operator AutomationMode(string value) => FindValue(value);
}

public sealed class DatabaseInsightsMode(string value) : ConstantClass(value)
{
    public static readonly DatabaseInsightsMode Standard = new("standard");
    public static readonly DatabaseInsightsMode Advanced = new("advanced");

    public static DatabaseInsightsMode FindValue(string value) => FindValue<DatabaseInsightsMode>(value);

    public static implicit operator DatabaseInsightsMode(string value) => FindValue(value);
}

public sealed class MasterUserAuthenticationType(string value) : ConstantClass(value)
{
    public static readonly MasterUserAuthenticationType Password = new("password");
    public static readonly MasterUserAuthenticationType IamDbAuth = new("iam-db-auth");

    public static MasterUserAuthenticationType FindValue(string value) => FindValue<MasterUserAuthenticationType>(value);

    public static implicit operator MasterUserAuthenticationType(string value) => FindValue(value);
}

public sealed class ReplicaMode(string value) : ConstantClass(value)
{
    public static readonly ReplicaMode OpenReadOnly = new("open-read-only");
    public static readonly ReplicaMode Mounted = new("mounted");

    public static ReplicaMode FindValue(string value) => FindValue<ReplicaMode>(value);

    public static implicit operator ReplicaMode(string value) => FindValue(value);
}

public sealed class StorageEncryptionType(string value) : ConstantClass(value)
{
    public static readonly StorageEncryptionType None = new("none");
    public static readonly StorageEncryptionType SseKms = new("sse-kms");
    public static readonly StorageEncryptionType SseRds = new("sse-rds");

    public static StorageEncryptionType FindValue(string value) => FindValue<StorageEncryptionType>(value);

    public static implicit operator StorageEncryptionType(string value) => FindValue(value);
}

public sealed class UpgradeRolloutOrder(string value) : ConstantClass(value)
{
    public static readonly UpgradeRolloutOrder First = new("first");
    public static readonly UpgradeRolloutOrder Second = new("second");
    public static readonly UpgradeRolloutOrder Last = new("last");

    public static UpgradeRolloutOrder FindValue(string value) => FindValue<UpgradeRolloutOrder>(value);

    public static implicit operator UpgradeRolloutOrder(string value) => FindValue(value);
}
