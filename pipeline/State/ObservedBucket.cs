using Amazon.S3;
using Amazon.S3.Model;
using SyncStorage.Pipeline.Aws;

namespace SyncStorage.Pipeline.State;

/// <summary>The cluster's bucket as it is.</summary>
/// <param name="PublicAccessBlocked">Whether all four blocks are on.</param>
/// <param name="Encrypted">Whether objects are encrypted by default.</param>
/// <param name="LifecycleRules">Its lifecycle rules, by id.</param>
/// <param name="Tags">Its tags.</param>
public sealed record ObservedBucket(
    bool PublicAccessBlocked, bool Encrypted, IReadOnlyDictionary<string, LifecycleRule> LifecycleRules, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>A lifecycle rule, for people and comparisons.</summary>
    internal static string Describe(LifecycleRule rule)
    {
        var prefix = (rule.Filter?.LifecycleFilterPredicate as LifecyclePrefixPredicate)?.Prefix;
        return $"{(rule.Status == LifecycleRuleStatus.Enabled ? "" : "off, ")}{(prefix is null ? "another filter" : $"{prefix}*")} expires after {rule.Expiration?.Days} d, half uploads after {rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation} d";
    }

    internal static async Task<ObservedBucket?> ReadAsync(IClients clients, string bucket, CancellationToken cancellationToken)
    {
        var location = await AwsErrors.UnlessMissingAsync(async () =>
            await clients.S3.HeadBucketAsync(new HeadBucketRequest { BucketName = bucket }, cancellationToken));
        if (location is null) return null;

        var access = await AwsErrors.UnlessMissingAsync(async () =>
            (await clients.S3.GetPublicAccessBlockAsync(new GetPublicAccessBlockRequest { BucketName = bucket }, cancellationToken)).PublicAccessBlockConfiguration);
        var encryption = await AwsErrors.UnlessMissingAsync(async () =>
            (await clients.S3.GetBucketEncryptionAsync(new GetBucketEncryptionRequest { BucketName = bucket }, cancellationToken)).ServerSideEncryptionConfiguration);
        var lifecycle = await AwsErrors.UnlessMissingAsync(async () =>
            (await clients.S3.GetLifecycleConfigurationAsync(new GetLifecycleConfigurationRequest { BucketName = bucket }, cancellationToken)).Configuration);
        var tags = await AwsErrors.UnlessMissingAsync(async () =>
            (await clients.S3.GetBucketTaggingAsync(new GetBucketTaggingRequest { BucketName = bucket }, cancellationToken)).TagSet);
        return new ObservedBucket(
            access is { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
            encryption?.ServerSideEncryptionRules is { Count: > 0 },
            (lifecycle?.Rules ?? []).ToDictionary(rule => rule.Id),
            (tags ?? []).ToDictionary(tag => tag.Key, tag => tag.Value));
    }
}

/// <summary>A part of the bucket that has to be set.</summary>
public enum BucketPart
{
    /// <summary>All of it: there is none.</summary>
    Existence,

    /// <summary>The block of public access.</summary>
    PublicAccess,

    /// <summary>Encryption by default.</summary>
    Encryption,

    /// <summary>The expiry of what is temporary.</summary>
    Lifecycle,

    /// <summary>The tags.</summary>
    Tags,
}
