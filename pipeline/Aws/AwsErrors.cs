using Amazon.Runtime;

namespace SyncStorage.Pipeline.Aws;

/// <summary>What AWS's error codes mean to the pipeline.</summary>
public static class AwsErrors
{
    private static readonly HashSet<string> Missing = new(StringComparer.Ordinal)
    {
        // EC2
        "InvalidInstanceID.NotFound", "InvalidAMIID.NotFound", "InvalidAMIID.Unavailable", "InvalidGroup.NotFound", "InvalidSnapshot.NotFound",
        "InvalidSubnetID.NotFound", "InvalidVpcID.NotFound", "InvalidVolume.NotFound",

        // Elastic Load Balancing, RDS, ElastiCache
        "LoadBalancerNotFound", "CertificateNotFound", "InvalidInstance", "DBInstanceNotFound", "DBInstanceNotFoundFault", "DBSubnetGroupNotFoundFault", "DBSnapshotNotFound",
        "DBSnapshotNotFoundFault", "CacheClusterNotFound", "CacheSubnetGroupNotFoundFault", "CacheParameterGroupNotFound",

        // SSM, S3
        "ParameterNotFound", "InvocationDoesNotExist", "NoSuchKey", "NoSuchBucket", "NotFound", "NoSuchPublicAccessBlockConfiguration",
        "ServerSideEncryptionConfigurationNotFoundError", "NoSuchLifecycleConfiguration", "NoSuchTagSet",

        // IAM, Service Quotas
        "NoSuchEntity", "NoSuchResourceException",

        // Route 53
        "NoSuchHostedZone", "NoSuchChange",

        // CloudWatch, CloudWatch Logs
        "ResourceNotFound", "ResourceNotFoundException",
    };

    /// <summary>Whether AWS said that the thing does not exist (or does not exist yet).</summary>
    public static bool IsMissing(this AmazonServiceException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.ErrorCode is { } code && Missing.Contains(code);
    }

    /// <summary>Whether AWS said that the caller may not do this.</summary>
    public static bool IsDenied(this AmazonServiceException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.ErrorCode is "AccessDenied" or "AccessDeniedException" or "UnauthorizedOperation" or "UnauthorizedAccess";
    }

    /// <summary>What a read gives, or null if AWS says that there is no such thing.</summary>
    public static async Task<T?> UnlessMissingAsync<T>(Func<Task<T?>> read)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            return await read();
        }
        catch (AmazonServiceException exception) when (exception.IsMissing())
        {
            return null;
        }
    }

    /// <summary>
    /// Creates something of a fixed name. That it exists is no error: an attempt may have succeeded and its answer been lost, or another run been
    /// first. Whose it is, is for the caller to see.
    /// </summary>
    /// <returns>Whether this call made it.</returns>
    public static async Task<bool> UnlessExistsAsync(Func<Task> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        try
        {
            await create();
            return true;
        }
        catch (AmazonServiceException exception) when (exception.IsAlreadyExists())
        {
            return false;
        }
    }

    /// <summary>Does something to a thing that may be gone already.</summary>
    /// <returns>Whether it was still there.</returns>
    public static async Task<bool> IfThereAsync(Func<Task> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        try
        {
            await act();
            return true;
        }
        catch (AmazonServiceException exception) when (exception.IsMissing())
        {
            return false;
        }
    }
}
