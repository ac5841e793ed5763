namespace SyncStorage.LocalCloud.Services.Route53;

/// <summary>The service's errors, with AWS's codes.</summary>
internal static class Route53Errors
{
    public static AwsException NoSuchHostedZone(string id) => new("NoSuchHostedZone", $"No hosted zone found with ID: {id}", 404);

    public static AwsException HostedZoneAlreadyExists => new("HostedZoneAlreadyExists", "A hosted zone has already been created with the specified caller reference.", 409);

    public static AwsException HostedZoneNotEmpty => new("HostedZoneNotEmpty", "The specified hosted zone contains non-required resource record sets and so cannot be deleted.");

    public static AwsException NoSuchChange(string id) => new("NoSuchChange", $"Could not find resource with ID: {id}", 404);

    public static AwsException InvalidDomainName(string name) => new("InvalidDomainName", $"{name} is not a valid domain name.");

    public static AwsException InvalidInput(string message) => new("InvalidInput", message);

    /// <summary>A batch is carried out as a whole or not at all; this is what is wrong with it.</summary>
    public static AwsException InvalidChangeBatch(IEnumerable<string> messages) => new("InvalidChangeBatch", $"[{string.Join(", ", messages)}]");
}
