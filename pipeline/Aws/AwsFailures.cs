using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using SyncStorage.Pipeline.Errors;

namespace SyncStorage.Pipeline.Aws;

/// <summary>What AWS's refusals mean, to the program and to people.</summary>
public static partial class AwsFailures
{
    /// <summary>Where the call recorder notes the operation in an exception's data.</summary>
    internal const string OperationKey = "syncstorage.operation";

    private static readonly HashSet<string> Existing =
    [
        "ParameterAlreadyExists", "DuplicateLoadBalancerName", "DuplicateAccessPointName", "BucketAlreadyOwnedByYou", "InvalidGroup.Duplicate",
        "DBInstanceAlreadyExists", "DBSubnetGroupAlreadyExists", "CacheClusterAlreadyExists", "CacheSubnetGroupAlreadyExists", "CacheParameterGroupAlreadyExists",
        "EntityAlreadyExists", "ResourceAlreadyExistsException",
    ];

    private static readonly HashSet<string> Throttled =
        ["Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException", "SlowDown", "PriorRequestNotComplete", "RequestThrottled"];

    private static readonly HashSet<string> Busy =
    [
        "DependencyViolation", "InvalidGroup.InUse", "InvalidDBInstanceState", "InvalidDBInstanceStateFault", "InvalidDBSubnetGroupStateFault",
        "InvalidCacheClusterState", "CacheSubnetGroupInUse", "InvalidCacheParameterGroupState", "BucketNotEmpty", "OperationAborted",
        "DeleteConflict", "ConcurrentModification", "OperationAbortedException", "VolumeInUse",
    ];

    /// <summary>Something of that name exists, and it is this account's.</summary>
    public static bool IsAlreadyExists(this AmazonServiceException error) =>
        Existing.Contains(Code(error));

    /// <summary>Something else still uses it, or it is changing: try again later.</summary>
    public static bool IsInUse(this AmazonServiceException error) =>
        Busy.Contains(Code(error));

    /// <summary>EC2 does not know an instance profile, or its role: for some seconds after it was made it does not know it yet.</summary>
    public static bool IsUnknownProfile(this AmazonServiceException error) =>
        Code(error) == "InvalidParameterValue" && error.Message.Contains("IAM Instance Profile", StringComparison.OrdinalIgnoreCase);

    /// <summary>Called too often, even after the SDK's retries.</summary>
    public static bool IsThrottling(this AmazonServiceException error) =>
        Throttled.Contains(Code(error)) || error.StatusCode == HttpStatusCode.TooManyRequests;

    /// <summary>A conditional write lost: somebody else's was first.</summary>
    public static bool IsConditionFailed(this AmazonServiceException error) =>
        error.StatusCode == HttpStatusCode.PreconditionFailed || Code(error) is "PreconditionFailed" or "ConditionalRequestConflict";

    /// <summary>
    /// Whether it may be gone in a moment: AWS fails or throttles, or is not reached. Zones without capacity are none of these, though AWS
    /// answers them as a failure of its own.
    /// </summary>
    internal static bool IsTransient(Exception error) => error switch
    {
        AmazonServiceException { ErrorCode: { } code } when code.StartsWith("Insufficient", StringComparison.Ordinal) => false,
        AmazonServiceException refused when refused.IsThrottling() || (int)refused.StatusCode >= 500 => true,
        AmazonServiceException { ErrorCode.Length: > 0 } => false,
        _ => Unreached(error) is not null,
    };

    /// <summary>An AWS failure as an error for people; null if the exception is none.</summary>
    internal static PipelineException? Map(Exception error)
    {
        var operation = error.Data[OperationKey] as string ?? "a call";
        return error switch
        {
            AmazonServiceException { ErrorCode.Length: > 0 } refused => new PipelineException(
                CredentialsFailed(refused) ? Errors.ErrorCode.WrongAccount : Errors.ErrorCode.AwsRefused,
                refused.IsDenied() ? Denied(operation, refused) : $"AWS refused {operation}: {Code(refused)}: {Sentence(refused.Message)}",
                hint: Hint(refused),
                inner: error),
            _ when Unreached(error) is { } cause => new PipelineException(
                Errors.ErrorCode.AwsUnreachable,
                $"AWS could not be reached for {operation}: {Sentence(cause.Message)}",
                hint: "Check the network, aws.region and aws.endpoint; with LocalCloud, run ./build.sh --target=Local-Cloud-Stop and try again.",
                inner: error),
            AmazonServiceException unclear => new PipelineException(
                Errors.ErrorCode.AwsRefused, $"AWS answered {operation} with status {(int)unclear.StatusCode}: {Sentence(unclear.Message)}", hint: Hint(unclear), inner: error),
            AmazonClientException client when IsSignedOut(client) => new PipelineException(
                Errors.ErrorCode.WrongAccount, $"{operation} could not be made: {Sentence(client.Message)}",
                hint: "Sign in, and run the same command: aws sso login, with --profile and the name that aws.profile has.", inner: error),
            AmazonClientException client when IsNobody(client) => new PipelineException(
                Errors.ErrorCode.WrongAccount, $"{operation} could not be made: there are no AWS credentials.",
                hint: "Choose some: aws.profile in the settings, or AWS_PROFILE; docs/first-deployment.md names the ways. Check them: aws sts get-caller-identity.", inner: error),
            AmazonClientException client => new PipelineException(
                client.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase) ? Errors.ErrorCode.WrongAccount : Errors.ErrorCode.AwsUnreachable,
                $"{operation} could not be made: {Sentence(client.Message)}",
                hint: "Check the credentials: aws sts get-caller-identity.",
                inner: error),
            _ => null,
        };
    }

    private static string Code(AmazonServiceException error) => error.ErrorCode ?? "";

    private static bool IsSignedOut(AmazonClientException error) => error.Message.Contains("SSO token", StringComparison.OrdinalIgnoreCase);

    // Without credentials the SDK tries its last way to sign, and misses a package for that.
    private static bool IsNobody(AmazonClientException error) => error.Message.Contains("Signature V4a", StringComparison.Ordinal);

    private static bool CredentialsFailed(AmazonServiceException error) => Code(error) is
        "ExpiredToken" or "ExpiredTokenException" or "RequestExpired" or "InvalidToken" or "InvalidClientTokenId" or "UnrecognizedClientException" or "AuthFailure"
        or "SignatureDoesNotMatch" or "InvalidSignatureException" or "InvalidAccessKeyId" or "MissingAuthenticationToken" or "MissingAuthenticationTokenException" or "OptInRequired";

    // Who may not do what to which resource stands in AWS's message, among much else; some services give no more than "Access Denied".
    private static string Denied(string operation, AmazonServiceException error)
    {
        var match = NotAuthorized().Match(error.Message);
        return match.Success
            ? $"AWS refused {operation}: {match.Groups["who"].Value} may not do {match.Groups["action"].Value}{(match.Groups["resource"] is { Success: true } resource ? $" on {resource.Value.Trim('"')}" : "")}"
                + $"{(match.Groups["why"] is { Success: true } why ? $", {why.Value.Trim()}" : "")} ({Code(error)})."
            : $"AWS refused {operation}: {Code(error)}: {Sentence(error.Message)}";
    }

    [GeneratedRegex("User: (?<who>\\S+) is not authorized to perform: (?<action>[\\w-]+:\\w+)(?: on resource: (?<resource>\\S+))?(?<why> (?:because|with) [^.]+)?")]
    private static partial Regex NotAuthorized();

    private static string? Hint(AmazonServiceException error) => Code(error) switch
    {
        "ExpiredToken" or "ExpiredTokenException" or "RequestExpired" => "The credentials have expired: sign in again, and run the same command; it goes on where it was.",
        "InvalidClientTokenId" or "UnrecognizedClientException" or "AuthFailure" or "InvalidAccessKeyId" or "InvalidToken" or "SignatureDoesNotMatch"
            or "InvalidSignatureException" or "MissingAuthenticationToken" or "MissingAuthenticationTokenException" =>
            "The credentials are not valid here: check AWS_PROFILE or aws.profile with aws sts get-caller-identity.",
        "AccessDenied" or "AccessDeniedException" or "UnauthorizedOperation" or "UnauthorizedAccess" =>
            $"The credentials may not do this. docs/deployer-policy.json has all that a deployment needs, and ./build.sh --target=Deployer-Policy writes it for an environment: "
            + "with that policy, run the same command again; it goes on where it was.",
        "BadRequest" or "Forbidden" =>
            "S3 gives no reason for a refusal of this kind. Mostly the credentials have expired, or lack the permission: aws sts get-caller-identity. Then run the same command; it goes on where it was.",
        "OptInRequired" => "The account has not enabled this region or service.",
        "VcpuLimitExceeded" or "InstanceLimitExceeded" or "InstanceQuotaExceeded" or "StorageQuotaExceeded" =>
            "A quota of the account is used up: raise it in Service Quotas, or free something.",
        "InsufficientInstanceCapacity" or "InsufficientDBInstanceCapacity" or "InsufficientCacheClusterCapacity" =>
            "AWS has no such capacity in this zone now: try later, or choose another type.",
        "InvalidConfigurationRequest" when error.Message.Contains("in use on this machine", StringComparison.Ordinal) =>
            "Stop what has the port (ss -ltnp shows it), or choose another: --set loadBalancer.port=<port>.",
        "InternalError" or "InternalFailure" or "InternalServerError" when error.Message.Contains("No space is left", StringComparison.Ordinal) =>
            "Free some space (df -h), and run the same command: it goes on where it was.",
        "RequestTimeTooSkewed" => "This machine's clock is wrong: set it (timedatectl), and run the same command.",
        _ when error.IsThrottling() => "Too many calls in this account: wait a minute, and run the same command.",
        _ when (int)error.StatusCode >= 500 => "AWS has a failure of its own: wait (https://health.aws.amazon.com), and run the same command; it goes on where it was.",
        _ => null,
    };

    // Not any IOException: one of the file system may pass through a call too, since an upload reads a file.
    private static Exception? Unreached(Exception error) =>
        error is AmazonServiceException or AmazonClientException or HttpRequestException or TimeoutException or HttpIOException or IOException { InnerException: SocketException }
            ? Cause(error)
            : null;

    private static Exception? Cause(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            // It names the address, which the socket's own does not.
            if (cause is HttpRequestException { InnerException: SocketException })
                return cause;
            if (cause is SocketException or IOException or TimeoutException)
                return cause;
            if (cause is HttpRequestException { InnerException: null })
                return cause;
        }

        return null;
    }

    private static string Sentence(string message)
    {
        var text = message.Trim();
        return text.Length > 0 && text[^1] is '.' or '!' or '?' ? text : text + ".";
    }
}
