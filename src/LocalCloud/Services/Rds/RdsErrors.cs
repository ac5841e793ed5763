using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Rds;

/// <summary>The service's errors, with AWS's codes.</summary>
internal static class RdsErrors
{
    public static AwsException DatabaseNotFound(string id) => new("DBInstanceNotFound", $"DBInstance {id} not found.", 404);

    public static AwsException DatabaseExists() => new("DBInstanceAlreadyExists", "DB instance already exists");

    public static AwsException InvalidState(string message) => new("InvalidDBInstanceState", message);

    public static AwsException SnapshotNotFound(string id) => new("DBSnapshotNotFound", $"DBSnapshot {id} not found.", 404);

    public static AwsException SnapshotExists(string id) => new("DBSnapshotAlreadyExists", $"Cannot create the snapshot because a snapshot with the identifier {id} already exists.");

    public static AwsException SubnetGroupNotFound(string name) => new("DBSubnetGroupNotFoundFault", $"DB subnet group '{name}' does not exist.", 404);

    public static AwsException SubnetGroupExists(string name) => new("DBSubnetGroupAlreadyExists", $"The DB subnet group '{name}' already exists.");

    public static AwsException SubnetGroupInUse(string name) => new("InvalidDBSubnetGroupStateFault", $"Cannot delete the subnet group '{name}' because at least one database instance is still using it.");

    public static AwsException NotEnoughZones() => new("DBSubnetGroupDoesNotCoverEnoughAZs",
        "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Add subnets to cover at least 2 AZs.");

    public static AwsException InvalidSubnet(string id) => new("InvalidSubnet", $"The subnet ID '{id}' does not exist.");

    public static AwsException Value(string message) => new("InvalidParameterValue", message);

    public static AwsException Combination(string message) => new("InvalidParameterCombination", message);
}
