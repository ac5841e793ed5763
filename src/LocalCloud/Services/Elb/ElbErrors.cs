using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.Elb;

/// <summary>The service's errors, with AWS's codes.</summary>
internal static class ElbErrors
{
    public static AwsException LoadBalancerNotFound(string name) =>
        new("LoadBalancerNotFound", $"There is no ACTIVE Load Balancer named '{name}'");

    public static AwsException DuplicateLoadBalancerName(string name) => new("DuplicateLoadBalancerName",
        $"Load Balancer named {name} already exists and it is configured with different parameters.");

    public static AwsException DuplicateListener(int port) => new("DuplicateListener",
        $"A listener already exists with the same LoadBalancerPort {port}, but with a different InstancePort, Protocol, or SSLCertificateId");

    public static AwsException ListenerNotFound(int port) => new("ListenerNotFound", $"There is no listener for port {port}.");

    public static AwsException InvalidInstance(string id) => new("InvalidInstance", $"Could not find EC2 instance {id}.");

    public static AwsException InvalidConfiguration(string message) => new("InvalidConfigurationRequest", message, 409);

    public static AwsException SubnetNotFound(string id) => new("SubnetNotFound", $"The requested subnet '{id}' was not found");

    public static AwsException InvalidSecurityGroup(string id) =>
        new("InvalidSecurityGroup", $"One or more of the specified security groups do not exist: {id}");

    public static AwsException CertificateNotFound(string? id) =>
        new("CertificateNotFound", $"Server Certificate not found for the key: {id}");

    public static AwsException PolicyNotFound(string name) => new("PolicyNotFound", $"There is no policy with name {name} for this load balancer");

    public static AwsException PolicyTypeNotFound(string name) => new("PolicyTypeNotFound", $"Policy type '{name}' not found");

    public static AwsException DuplicatePolicyName(string name, string balancer) =>
        new("DuplicatePolicyName", $"Policy {name} already exists for the load balancer {balancer}");

    public static AwsException Validation(string message) => new("ValidationError", message);

    public static AwsException TooManyTags() => new("TooManyTags", "The quota for the number of tags that can be assigned to a load balancer has been reached.");

    public static AwsException DuplicateTagKeys() => new("DuplicateTagKeys", "A tag key was specified more than once.");
}
