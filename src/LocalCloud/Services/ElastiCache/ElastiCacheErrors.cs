using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.ElastiCache;

/// <summary>The service's errors, with AWS's codes.</summary>
internal static class ElastiCacheErrors
{
    public static AwsException ClusterNotFound(string id) => new("CacheClusterNotFound", $"CacheCluster not found: {id}", 404);

    public static AwsException ClusterExists(string id) => new("CacheClusterAlreadyExists", $"CacheCluster already exists: {id}");

    public static AwsException ClusterState(string id, string status) =>
        new("InvalidCacheClusterState", $"The specified cache cluster {id} is not in available state but {status}.");

    public static AwsException SubnetGroupNotFound(string name) => new("CacheSubnetGroupNotFoundFault", $"Cache Subnet Group {name} does not exist.");

    public static AwsException SubnetGroupExists(string name) => new("CacheSubnetGroupAlreadyExists", $"Cache subnet group {name} already exists.");

    public static AwsException SubnetGroupInUse(string name) => new("CacheSubnetGroupInUse", $"Cache subnet group {name} is currently in use by a cache cluster.");

    public static AwsException SubnetInUse(string zone) => new("SubnetInUse", $"The subnet in {zone} is in use by a cache node and can't be removed.");

    public static AwsException InvalidSubnet(string id) => new("InvalidSubnet", $"The subnet ID {id} is invalid.");

    public static AwsException ParameterGroupNotFound(string name) => new("CacheParameterGroupNotFound", $"CacheParameterGroup not found: {name}", 404);

    public static AwsException ParameterGroupExists(string name) => new("CacheParameterGroupAlreadyExists", $"Parameter group {name} already exists");

    public static AwsException ParameterGroupState(string message) => new("InvalidCacheParameterGroupState", message);

    public static AwsException NodeNotFound(string id) => new("CacheNodeNotFound", $"Cache node not found: {id}", 404);

    public static AwsException InvalidArn(string arn) => new("InvalidARN", $"The ARN {arn} is not of a resource of this account and region.");

    public static AwsException TagNotFound(string key) => new("TagNotFound", $"The tag {key} is not on the resource.", 404);

    public static AwsException Value(string message) => new("InvalidParameterValue", message);

    public static AwsException Combination(string message) => new("InvalidParameterCombination", message);
}
