using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Ec2.Rules;

/// <summary>EC2's error codes with its messages.</summary>
internal static class Ec2Errors
{
    public static AwsException MissingParameter(string name) => new("MissingParameter", $"The request must contain the parameter {name}");

    public static AwsException InvalidParameterValue(string message) => new("InvalidParameterValue", message);

    public static AwsException InvalidParameterCombination(string message) => new("InvalidParameterCombination", message);

    public static AwsException InvalidFilter(string name) => InvalidParameterValue($"The filter '{name}' is invalid");

    public static AwsException DryRun() => new("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);

    public static AwsException IdempotentMismatch() => new(
        "IdempotentParameterMismatch", "The request uses the same client token as a previous, but non-identical request.");

    public static AwsException InstanceMalformed(string id) => new("InvalidInstanceID.Malformed", $"Invalid id: \"{id}\"");

    public static AwsException InstanceNotFound(params IReadOnlyCollection<string> ids) => new(
        "InvalidInstanceID.NotFound",
        ids.Count == 1 ? $"The instance ID '{ids.First()}' does not exist" : $"The instance IDs '{string.Join(", ", ids)}' do not exist");

    public static AwsException IncorrectState(string id, string state) => new(
        "IncorrectInstanceState", $"The instance '{id}' is not in a state from which it can be changed this way. Its state is '{state}'.");

    public static AwsException ImageMalformed(string id) => new("InvalidAMIID.Malformed", $"Invalid id: \"{id}\" (expecting \"ami-...\")");

    public static AwsException ImageNotFound(string id) => new("InvalidAMIID.NotFound", $"The image id '[{id}]' does not exist");

    public static AwsException ImageUnavailable(string id) => new("InvalidAMIID.Unavailable", $"The image ID '{id}' is not available.");

    public static AwsException ImageDuplicate(string name, string id) => new(
        "InvalidAMIName.Duplicate", $"AMI name {name} is already in use by AMI {id}");

    public static AwsException SnapshotNotFound(string id) => new("InvalidSnapshot.NotFound", $"The snapshot '{id}' does not exist.");

    public static AwsException SnapshotInUse(string id, string image) => new(
        "InvalidSnapshot.InUse", $"The snapshot {id} is currently in use by {image}");

    public static AwsException GroupNotFound(string id) => new("InvalidGroup.NotFound", $"The security group '{id}' does not exist");

    public static AwsException GroupMalformed(string id) => new("InvalidGroupId.Malformed", $"Invalid id: \"{id}\" (expecting \"sg-...\")");

    public static AwsException GroupDuplicate(string name, string vpc) => new(
        "InvalidGroup.Duplicate", $"The security group '{name}' already exists for VPC '{vpc}'");

    public static AwsException GroupInUse(string id) => new("DependencyViolation", $"resource {id} has a dependent object");

    public static AwsException KeyPairNotFound(string name) => new("InvalidKeyPair.NotFound", $"The key pair '{name}' does not exist");

    public static AwsException KeyPairDuplicate(string name) => new("InvalidKeyPair.Duplicate", $"The keypair '{name}' already exists.");

    public static AwsException SubnetNotFound(string id) => new("InvalidSubnetID.NotFound", $"The subnet ID '{id}' does not exist");

    public static AwsException VpcNotFound(string id) => new("InvalidVpcID.NotFound", $"The vpc ID '{id}' does not exist");

    public static AwsException VolumeNotFound(string id) => new("InvalidVolume.NotFound", $"The volume '{id}' does not exist.");

    public static AwsException ResourceNotFound(string id) => new("InvalidID", $"The ID '{id}' is not valid");

    public static AwsException Capacity(string zone, string type) => new(
        "InsufficientInstanceCapacity",
        $"We currently do not have sufficient {type} capacity in the Availability Zone you requested ({zone}). Our system will be working on provisioning additional capacity.",
        500);
}
