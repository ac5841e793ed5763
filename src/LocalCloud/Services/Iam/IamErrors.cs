namespace SyncStorage.LocalCloud.Services.Iam;

/// <summary>The service's errors, with AWS's codes.</summary>
internal static class IamErrors
{
    public static AwsException RoleNotFound(string name) => NotFound($"The role with name {name} cannot be found.");

    public static AwsException ProfileNotFound(string name) => NotFound($"Instance Profile {name} cannot be found.");

    public static AwsException PolicyNotFound(string arn) => NotFound($"Policy {arn} does not exist or is not attachable.");

    public static AwsException InlinePolicyNotFound(string name) => NotFound($"The role policy with name {name} cannot be found.");

    public static AwsException NotAttached(string arn) => NotFound($"Policy {arn} was not found.");

    public static AwsException NotFound(string message) => new("NoSuchEntity", message, 404);

    public static AwsException Exists(string what, string name) => new("EntityAlreadyExists", $"{what} with name {name} already exists.", 409);

    public static AwsException Conflict(string message) => new("DeleteConflict", message, 409);

    public static AwsException Malformed(string message) => new("MalformedPolicyDocument", message);

    public static AwsException Limit(string message) => new("LimitExceeded", message, 409);

    public static AwsException Invalid(string message) => new("InvalidInput", message);

    public static AwsException Validation(string message) => new("ValidationError", message);
}
